import assert from "node:assert/strict";
import { Inline, running } from "./inline";

describe("a malformed request is answered with what belongs there:", () => {
  let adapter: Inline;
  before(async () => (adapter = await running()));
  const refused = (command: unknown, args: unknown, message: string) => async () => {
    assert.equal(await adapter.refusal(command, args), message);
    assert.equal((await adapter.send("threads")).success, true, "and the adapter goes on");
  };

  it("a step of no thread", refused("next", {}, 'The request next needs "threadId": a thread\'s number.'));
  it("without arguments", refused("next", undefined, 'The request next needs "threadId": a thread\'s number.'));
  it(
    "arguments that are a list",
    refused("next", [1], "The arguments of the request next must be an object, not a list."),
  );
  it(
    "a fraction of a thread",
    refused("next", { threadId: 1.5 }, '"threadId" of the request next must be a thread\'s number, not 1.5.'),
  );
  it(
    "a thread by name",
    refused("stepBack", { threadId: "x" }, '"threadId" of the request stepBack must be a thread\'s number, not "x".'),
  );
  it(
    "a thread that isn't there",
    refused("continue", { threadId: 3 }, "There is no thread 3: this scenario has 2 CPUs, threads 1 to 2."),
  );
  it(
    "an unknown granularity",
    refused(
      "next",
      { threadId: 1, granularity: "instructon" },
      '"granularity" of the request next must be statement, line or instruction, not "instructon". ' +
        'Did you mean "instruction"?',
    ),
  );
  it(
    "a target that was never offered",
    refused("stepIn", { threadId: 1, targetId: 7 }, "There is no target 7. Ask for the targets of the frame again."),
  );
  it(
    "a frame by name",
    refused("scopes", { frameId: "x" }, '"frameId" of the request scopes must be a stack frame\'s number, not "x".'),
  );
  it(
    "a frame that was never given",
    refused("scopes", { frameId: 99_000 }, "There is no frame 99000. Ask for the stack of a thread again."),
  );
  it(
    "a variable by name",
    refused(
      "variables",
      { variablesReference: "x" },
      '"variablesReference" of the request variables must be the number of a scope or a value, not "x".',
    ),
  );
  it(
    "a breakpoint on no line",
    refused(
      "setBreakpoints",
      { source: { path: "/a.c" }, breakpoints: [{ line: 1 }, { line: "2" }] },
      '"breakpoints[1].line" of the request setBreakpoints must be a line\'s number, not "2".',
    ),
  );
  it(
    "a step of the history without a number",
    refused("tlbscope.goto", {}, 'The request tlbscope.goto needs "step": a step\'s number.'),
  );
  it("a cell that isn't there", async () =>
    void assert.match(
      await adapter.refusal("tlbscope.lastWrite", { cell: 1e9 }),
      /^There is no cell 1000000000: the machine's memory has \d+\.$/,
    ));
  for (const command of [
    "constructor",
    "toString",
    "__proto__",
    "hasOwnProperty",
    "attach",
    "readMemory",
    "tlbscope.x",
  ])
    it(`the command ${command}`, refused(command, {}, `There is no request ${command}.`));
  it("a command that is a number", refused(7, {}, "There is no request 7."));
  it("a command that is missing", refused(undefined, {}, "There is no request undefined."));
  it("expressions and names that every object has are none", async () => {
    for (const name of ["constructor", "toString", "__proto__", "current->constructor", "current->__proto__"]) {
      assert.match(await adapter.refusal("evaluate", { expression: name }), /\w/, name);
      const info = await adapter.send("dataBreakpointInfo", { name });
      assert.equal((info.body as { dataId: unknown }).dataId, null, name);
    }
  });
  it("messages that are none pass by", () => {
    for (const message of [null, 1, "next", [], {}, { type: "response" }, { type: "event" }]) adapter.raw(message);
  });
});

describe("requests out of turn are answered:", () => {
  const needing: [string, object][] = [
    ["configurationDone", {}],
    ["next", { threadId: 1 }],
    ["stepIn", { threadId: 1, targetId: 1 }],
    ["continue", { threadId: 1 }],
    ["reverseContinue", { threadId: 1 }],
    ["pause", { threadId: 1 }],
    ["stackTrace", { threadId: 1 }],
    ["scopes", { frameId: 1000 }],
    ["variables", { variablesReference: 1 }],
    ["setVariable", { variablesReference: 1, name: "a", value: "1" }],
    ["evaluate", { expression: "current" }],
    ["goto", { threadId: 1, targetId: 1 }],
    ["restartFrame", { frameId: 1000 }],
    ["restart", {}],
    ["tlbscope.panelState", {}],
    ["tlbscope.goto", { step: 0 }],
  ];
  it("before a launch", async () => {
    const adapter = new Inline();
    for (const [command, args] of needing) assert.match(await adapter.refusal(command, args), /start/i, command);
    assert.equal((await adapter.send("threads")).success, true);
    assert.equal((await adapter.send("setFunctionBreakpoints", { breakpoints: [{ name: "toString" }] })).success, true);
  });
  it("after the end, when no session can begin any more", async () => {
    const adapter = await running();
    assert.equal((await adapter.send("disconnect")).success, true);
    for (const [command, args] of [...needing, ["launch", { scenario: "lazy-return" }] as const])
      assert.equal(await adapter.refusal(command, args), "This session has ended. Start another one.", command);
    assert.equal((await adapter.send("disconnect")).success, true);
  });
  it("a launch that is under way when the client goes ends without a session", async () => {
    const adapter = new Inline();
    const launching = adapter.refusal("launch", { scenario: "lazy-return" });
    await adapter.send("disconnect");
    assert.equal(await launching, "No simulation runs. Start one first.");
    assert.deepEqual(adapter.events, []);
  });
});

describe("a launch configuration is refused", () => {
  const refused = async (config: unknown, message: string) =>
    assert.equal(await new Inline().refusal("launch", config), message);
  const with_ = (rest: object) => ({ scenario: "lazy-return", ...rest });
  it("with an unknown memory order", async () => {
    await refused(
      with_({ order: "TSO" }),
      '"order" of the launch configuration must be "sc" or "tso", not "TSO". Did you mean "tso"?',
    );
    await refused(with_({ order: "foo" }), '"order" of the launch configuration must be "sc" or "tso", not "foo".');
    await refused(with_({ order: 1 }), '"order" of the launch configuration must be "sc" or "tso", not 1.');
  });
  it("with an unknown property", async () => {
    await refused(with_({ odrer: "tso" }), 'The launch configuration takes no "odrer". Did you mean "order"?');
    await refused(
      with_({ constructor: 1 }),
      'The launch configuration takes no "constructor". Known: scenario, tree, stopAt, stopOnEntry, order, settings.',
    );
    await refused(
      with_({ stopAt: { file: "a.c", line: 1, colum: 2 } }),
      '"stopAt" of the launch configuration takes no "colum". Known: file, line.',
    );
  });
  it("with a value of another type", async () => {
    await refused(
      { scenario: 1 },
      '"scenario" of the launch configuration must be the id of a built-in scenario or the path of a scenario ' +
        "file, not 1.",
    );
    await refused(
      with_({ stopOnEntry: "false" }),
      '"stopOnEntry" of the launch configuration must be true or false, not "false".',
    );
    await refused(
      with_({ stopAt: { file: "a.c" } }),
      'The launch configuration needs "stopAt.line": a line\'s number, counted from 1.',
    );
    await refused(
      with_({ settings: { X86_FEATURE_PCID: "off" } }),
      '"settings.X86_FEATURE_PCID" of the launch configuration must be true, false or a whole number, not "off".',
    );
    await refused(
      with_({ settings: [] }),
      '"settings" of the launch configuration must be an object, for instance { "X86_FEATURE_PCID": false }, ' +
        "not a list.",
    );
    await refused([], "The arguments of the request launch must be an object, not a list.");
  });
  it("with a setting that nothing asks for", () =>
    refused(
      with_({ settings: { flush_at_onec: true } }),
      'There is no setting "flush_at_onec": the source doesn\'t ask for it. Did you mean "flush_at_once"?',
    ));
  it("and not for what an editor adds", async () => {
    const adapter = new Inline();
    const config = with_({ type: "tlbscope", request: "launch", name: "x", __sessionId: "1", presentation: {} });
    assert.equal((await adapter.send("launch", config)).success, true);
  });
});
