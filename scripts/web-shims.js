// Libraries in the web bundle that test for `process` find an empty one; nothing of Node is behind it.
export const process = {
  env: {},
  platform: "web",
  argv: [],
  versions: {},
  nextTick: (f, ...a) => queueMicrotask(() => f(...a)),
};
