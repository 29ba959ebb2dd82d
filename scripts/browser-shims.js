// What libraries that were made for Node need of it, where there is none: in a browser.
const inNode = Boolean(globalThis.process?.versions?.node);

/** Libraries that test for `process` find an empty one; nothing of Node is behind it. */
export const process = inNode
  ? globalThis.process
  : {
      env: {},
      platform: "web",
      argv: [],
      versions: {},
      nextTick: (f, ...a) => queueMicrotask(() => f(...a)),
    };
