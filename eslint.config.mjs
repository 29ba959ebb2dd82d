// Beside the usual rules, this file holds the layers of the project's picture: imports only point down.
import js from "@eslint/js";
import { builtinModules } from "node:module";
import tseslint from "typescript-eslint";

/** Each layer, and the layers whose files it may import beside its own. */
const layers = {
  kernel: [],
  scenario: [],
  machine: ["kernel", "scenario"],
  trace: ["kernel", "scenario", "machine"],
  check: ["kernel", "scenario", "machine", "trace"],
  story: ["kernel", "scenario", "machine", "trace"],
  jobs: ["kernel", "scenario", "machine", "trace", "check", "story"],
  export: ["kernel", "scenario", "machine", "trace", "check", "story", "tour"],
  tour: ["kernel", "scenario", "machine", "trace", "check"],
  debug: ["kernel", "scenario", "machine", "trace", "check", "story", "panel"],
  panel: ["kernel", "scenario", "machine", "trace", "check", "story"],
  extension: ["kernel", "scenario", "machine", "trace", "check", "story", "jobs", "export", "tour", "debug", "panel"],
  // Where the desktop and the browser differ: the first files of the extension and of its worker.
  entry: ["jobs", "extension", "cli"],
  cli: ["kernel", "scenario", "machine", "trace", "check", "story", "jobs", "export", "tour", "debug"],
};

/**
 * The rooms of the checker, and the rooms that each may import beside its own. The store knows nothing of what it
 * stores: it imports nothing of the machine either, so that it can be tested and measured on its own.
 */
const checkRooms = {
  store: [],
  explore: ["store"],
  search: ["store", "explore"],
  verdict: ["store", "explore", "search"],
  why: ["explore", "search"],
  parallel: ["store"],
};

const node = {
  regex: `^(node:.*|(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})(/.*)?)$`,
  message:
    "This also runs in a web worker, where there is no Node. Only src/cli and src/entry may use Node; elsewhere, " +
    "take what you need as a parameter.",
};
const vscode = {
  regex: "^vscode$",
  message: "Only src/extension and src/entry import vscode. Take what you need as a parameter.",
};
const dom = ["document", "window", "navigator", "localStorage"];
const nodeGlobals = ["process", "Buffer", "global", "require", "__dirname", "__filename"];

/** @param {string[]} names */
const noGlobals = (names) => [
  "error",
  ...names.map((name) => ({ name, message: "This code also runs where there is no such thing." })),
];

/** @param {keyof typeof layers} layer */
function patternsOf(layer) {
  const allowed = [layer, ...layers[layer]];
  const above = Object.keys(layers).filter((other) => !allowed.includes(other));
  const patterns =
    above.length === 0
      ? []
      : [
          {
            regex: `^(\\.\\./)+(${above.join("|")})(/|$)`,
            message:
              `src/${layer} may import only from ${allowed.join(", ")}: imports point down the picture of the ` +
              "layers (see CONTRIBUTING.md).",
          },
        ];
  if (layer !== "extension" && layer !== "entry") patterns.push(vscode);
  if (layer !== "cli" && layer !== "entry") patterns.push(node);
  return patterns;
}

/** @param {keyof typeof layers} layer */
function holdLayer(layer) {
  const globals =
    layer === "entry" ? [] : layer === "cli" ? dom : layer === "panel" ? nodeGlobals : [...dom, ...nodeGlobals];
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: patternsOf(layer) }],
      "no-restricted-globals": noGlobals(globals),
    },
  };
}

/** @param {keyof typeof checkRooms} room */
function holdCheckRoom(room) {
  const allowed = [room, ...checkRooms[room]];
  const others = Object.keys(checkRooms).filter((other) => !allowed.includes(other));
  const pattern = {
    regex: room === "store" ? "^\\.\\./" : `^\\.\\./(${others.join("|")})(/|$)`,
    message:
      `Of the checker's rooms, src/check/${room} may import only ${allowed.join(", ")}` +
      (room === "store" ? ", and nothing else of the project." : ": see checkRooms in eslint.config.mjs."),
  };
  return {
    files: [`src/check/${room}/**/*.ts`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...patternsOf("check"), pattern] }] },
  };
}

/** What is drawn in the webview knows the messages and, as types, what they carry. */
const panelView = {
  files: ["src/panel/view/**/*.{ts,tsx}"],
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          vscode,
          node,
          {
            regex: "^(\\.\\./)+machine/view/view$",
            allowTypeImports: true,
            message: "The panel's view draws what it is sent: import only types from machine/view/view.",
          },
          {
            regex:
              "^(\\.\\./)+(?!messages$|machine/view/view$|parts/|state/|history/|panel-context$|" +
              "strings$|saved$|icon$)[a-z]",
            message:
              "The panel's view imports panel/messages, and types from machine/view/view, and nothing else of " +
              "the project.",
          },
        ],
      },
    ],
  },
};

const tests = {
  files: ["test/**/*.{ts,tsx}"],
  rules: {
    "no-restricted-syntax": [
      "error",
      {
        selector:
          "CallExpression > " +
          "MemberExpression[object.name=/^(describe|context|suite|it|specify|test)$/][property.name=/^(only|skip)$/]",
        message: "No exclusive and no skipped tests.",
      },
      { selector: "CallExpression[callee.name=/^(xdescribe|xcontext|xit|xspecify)$/]", message: "No skipped tests." },
    ],
  },
};

/** What ships stays small. */
const wholeZod = {
  files: ["src/**/*.{ts,tsx}"],
  rules: {
    "no-restricted-syntax": [
      "error",
      {
        selector: 'ImportDeclaration[source.value="zod"][importKind!="type"] > ImportSpecifier[imported.name="z"]',
        message: 'Write import * as z from "zod": of the object z all is bundled, also what nobody uses (350 KB).',
      },
    ],
  },
};

/** A promise that nobody awaits passes every test; only types can tell. */
const awaited = {
  files: ["src/{jobs,debug,extension,entry,cli}/**/*.ts", "test/{editor,workbench,package}/**/*.ts"],
  languageOptions: { parserOptions: { projectService: true } },
  rules: { "@typescript-eslint/no-floating-promises": "error", "@typescript-eslint/await-thenable": "error" },
};

/** Prettier breaks what it can at 120 columns; this finds the comments and strings that it leaves as they are. */
const width = {
  rules: {
    "max-len": ["error", { code: 120, tabWidth: 2, ignoreRegExpLiterals: true, ignoreUrls: true }],
  },
};

/** A file has one job, and can be read in one go. Longer ones are lists: an entry after the other. */
const small = [
  { rules: { "max-lines": ["error", 300] } },
  {
    files: [
      "src/tour/format/tour-schema.ts",
      "test/fixtures/panel-states.ts",
      // lists of cases
      "test/unit/kernel/lowering.test.ts",
      "test/unit/kernel/robust.test.ts",
    ],
    rules: { "max-lines": "off" },
  },
];

const scripts = {
  files: ["**/*.{mjs,cjs,js}"],
  languageOptions: {
    globals: Object.fromEntries(
      [...Object.getOwnPropertyNames(globalThis), "require", "module"].map((name) => [name, "readonly"]),
    ),
  },
  rules: { "@typescript-eslint/no-require-imports": "off" },
};

export default tseslint.config(
  { ignores: ["dist/", "out/", ".vscode-test/", ".vscode-test-web/", ".tlbscope/"] },
  js.configs.recommended,
  tseslint.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: "error" }, rules: { eqeqeq: "error" } },
  width,
  small,
  /** @type {(keyof typeof layers)[]} */ (Object.keys(layers)).map(holdLayer),
  /** @type {(keyof typeof checkRooms)[]} */ (Object.keys(checkRooms)).map(holdCheckRoom),
  panelView,
  tests,
  wholeZod,
  awaited,
  scripts,
);
