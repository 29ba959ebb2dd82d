import assert from "node:assert/strict";
import { readScenario } from "../../../src/scenario/read-scenario";
import { complaints, cpu, refused, twoMms } from "./support";

const head = "id: t\nabout: A test.\n";
const rest = "tasks: { k: {} }\ncpus:\n  - starts: k\n";

describe("a scenario file", () => {
  it("is read with its defaults, and with where each action stands", () => {
    const text = twoMms(
      cpu("A/1", "schedule: kworker", "reclaim: { mm: B, page: heap, pte: xchg }", "exec: H"),
      cpu("A/2", "mmap: page1", "exit"),
    );
    const { scenario, problems } = readScenario(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      { ...scenario, cpus: undefined },
      {
        id: "t",
        about: "A test.",
        platform: "native",
        order: "sc",
        speculation: true,
        mms: [
          { name: "A", pages: ["page0", "page1"], ldt: false },
          { name: "B", pages: ["heap"], ldt: false },
          { name: "H", pages: [], ldt: false },
        ],
        tasks: [
          { name: "A/1", mm: "A" },
          { name: "A/2", mm: "A" },
          { name: "B/1", mm: "B" },
          { name: "kworker" },
          { name: "heir" },
        ],
        cpus: undefined,
      },
    );
    assert.deepEqual(
      scenario!.cpus.map((c) => [c.starts, ...c.does.map((d) => d.action)]),
      [
        [
          "A/1",
          { do: "schedule", task: "kworker" },
          { do: "reclaim", mm: "B", page: "heap", pte: "xchg" },
          { do: "exec", mm: "H" },
        ],
        ["A/2", { do: "mmap", page: "page1" }, { do: "exit" }],
      ],
    );
    const texts = scenario!.cpus.flatMap((c) => c.does.map((d) => text.slice(d.range.start, d.range.end).trimEnd()));
    assert.deepEqual(texts, [
      "schedule: kworker",
      "reclaim: { mm: B, page: heap, pte: xchg }",
      "exec: H",
      "mmap: page1",
      "exit",
    ]);
  });

  it("may say platform, order, speculation and an LDT", () => {
    const { scenario } = readScenario(
      `${head}platform: xen\norder: tso\nspeculation: false\nmms: { A: { ldt: true } }\ntasks: { a: { mm: A } ` +
        `}\ncpus: [{ starts: a }]\n`,
    );
    assert.deepEqual(
      [scenario?.platform, scenario?.order, scenario?.speculation, scenario?.mms[0].ldt],
      ["xen", "tso", false, true],
    );
  });

  it("may have CPUs that do nothing, and idle tasks that nobody declared", () => {
    const { scenario, problems } = readScenario(
      `${head}tasks:\ncpus:\n  - starts: swapper/0\n    does:\n  - starts: swapper/1\n    does: []\n`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(scenario?.cpus, [
      { starts: "swapper/0", does: [] },
      { starts: "swapper/1", does: [] },
    ]);
  });

  it("keeps ranges exact with Windows line endings", () => {
    refused(`${head}${rest}`.replace("starts: k", "starts: kk").replaceAll("\n", "\r\n"), "kk", /no task "kk"/);
  });
});

describe("a mistake in the form", () => {
  it("of YAML is shown where the parser stopped", () => {
    const [first] = readScenario(`${head}mms: { A: [\n`).problems;
    assert.match(first.message, /^This is not YAML: .* close every bracket/);
    assert.ok(first.range.start > head.length);
    assert.match(complaints(`${head}mms:\n\tA: {}\n`)[0], /Indent with spaces instead of tabs/);
  });

  it("of a second document, an alias or an odd key is one", () => {
    assert.match(complaints(`${head}${rest}---\nid: u\n`)[0], /Keep one scenario per file/);
    refused(`${head}tasks: { k: &k {}, l: *k }\ncpus:\n  - starts: k\n`, "*k", /has no aliases/);
    refused(`${head}${rest}? [a]\n: b\n`, "[a]", /can't be a key/);
    refused(`${head}${rest}__proto__: {}\n`, "__proto__", /can't be a key/);
  });

  it("of an empty file says what to write", () => {
    for (const text of ["", "\n\n", "# only a comment\n"])
      assert.match(complaints(text).join("\n"), /This file is empty\. Write a scenario/);
  });

  it("of another type is said with what was found", () => {
    refused(
      `id: 5\nabout: A test.\n${rest}`,
      "5",
      /"id" must be a short id as text.*, not the number 5 \(put it in quotes/,
    );
    refused(`${head}speculation: yes\n${rest}`, "yes", /"speculation" must be true or false, not "yes"/);
    refused(`${head}mms: [A]\n${rest}`, "mms", /"mms" must be the mms by name.*, not a list/);
    refused(`- a\n- b\n`, "- a", /This file must be a scenario.*, not a list/);
    refused(twoMms(cpu("A/1", "touch: 0")), "0", /"touch" must be the name of a page, not the number 0/, 1);
  });

  it("of a word says the one that was meant", () => {
    refused(`${head}platform: xne\n${rest}`, "xne", /must be native or xen, not "xne"\. Did you mean "xen"\?/);
    refused(
      `${head}plattform: xen\n${rest}`,
      "plattform",
      /A scenario has no field "plattform"\. Did you mean "platform"\?/,
    );
    refused(`${head}mms: { A: { page: [x] } }\n${rest}`, "page", /Mm "A" has no field "page"\. Did you mean "pages"\?/);
    refused(
      `${head}tasks: { k: { cpu: 0 } }\ncpus:\n  - starts: k\n`,
      "cpu",
      /Task "k" has no field "cpu"\. Known: mm\./,
    );
    refused(
      `${head}tasks: { k: {} }\ncpus:\n  - starts: k\n    do: []\n`,
      "do",
      /CPU0 has no field "do"\. Did you mean "does"\?/,
    );
  });

  it("of something missing stands on what lacks it", () => {
    refused(`id: t\n${rest}`, "id: t", /A scenario has no "about"\. Add it: a sentence/);
    refused(`${head}tasks: { k: {} }\n`, "id: t", /has no "cpus"/);
    refused(
      `${head}tasks: { k: {} }\ncpus:\n  - does: []\n`,
      "does: []",
      /CPU0 has no "starts"\. Add it: the name of a task/,
    );
    refused(
      twoMms(cpu("A/1", "reclaim: { mm: A, page: page0 }")),
      "reclaim",
      /"reclaim" has no "pte"\. Add it: store, xchg or batched/,
    );
  });

  it("of ids and names with odd characters says which are allowed", () => {
    for (const id of ["Lazy", "a b", "-a", "a--b", "a/b", "ä"])
      refused(`id: ${id}\nabout: A test.\n${rest}`, id, /must be lower-case letters and digits/);
    refused(`${head}mms: { A b: {} }\n${rest}`, "A b", /"A b" is no name .* a letter first/);
    refused(`${head}tasks: { k: {}, 1k: {} }\ncpus:\n  - starts: k\n`, "1k", /"1k" is no name/);
    refused(
      `${head}mms: { A: { pages: ["p,q"] } }\ntasks: { a: { mm: A } }\ncpus: [{ starts: a }]\n`,
      `"p,q"`,
      /must be a name: a letter first/,
    );
  });

  it("of the number of CPUs", () => {
    refused(`${head}tasks: { k: {} }\ncpus: []\n`, "cpus", /"cpus" is empty\. Write at least one CPU/);
    const many = (n: number) =>
      `${head}cpus:\n${Array.from({ length: n }, (_, i) => `  - starts: swapper/${i}\n`).join("")}`;
    assert.equal(readScenario(many(8)).scenario?.cpus.length, 8);
    refused(many(9), "starts: swapper/8", /too many CPUs\. TLBscope has room for at most 8/);
  });

  it("of the number of pages", () => {
    const pages = Array.from({ length: 66_000 }, (_, i) => `p${i}`).join(", ");
    const text = `${head}mms: { Z: { pages: [${pages}] } }\ncpus: [{ starts: swapper/0 }]\n`;
    refused(text, "p250", /too many pages\. TLBscope has room for at most 250/);
  });

  it("of an action says which actions there are", () => {
    refused(twoMms(cpu("A/1", "shedule: kworker")), "shedule", /no action "shedule"\. Did you mean "schedule"\?/);
    refused(twoMms(cpu("A/1", "exti")), "exti", /"exti" is no action by itself\. Did you mean "exit"\?/);
    refused(twoMms(cpu("A/1", "schedule")), "schedule", /Did you mean "schedule: …"\?/);
    for (const missing of ["touch page0", "touch:page0"])
      refused(twoMms(cpu("A/1", missing)), missing, /Did you mean "touch: page0"\?/);
    refused(twoMms(cpu("A/1", "exit: A/1")), "exit", /"exit" takes nothing\. Write "- exit"/);
    refused(
      twoMms(cpu("A/1", "{ touch: page0, munmap: page0 }")),
      "munmap",
      /One list item is one action, and this one has 2/,
    );
    refused(twoMms(cpu("A/1", "schedule:")), "schedule", /"schedule" must be the name of a task, not nothing/);
    refused(
      twoMms(cpu("A/1", "reclaim: { mm: A, page: page0, pte: xhcg }")),
      "xhcg",
      /store, xchg or batched, not "xhcg"\. Did you mean "xchg"\?/,
    );
    refused(
      twoMms(cpu("A/1", "reclaim: { mm: A, page: page0, pte: xchg, cpu: 1 }")),
      "cpu",
      /"reclaim" has no field "cpu"/,
      1,
    );
    refused(twoMms(cpu("A/1", "{}")), "{}", /An action is missing here\. Actions: schedule: …/, 2);
  });

  it("several of them are all said, in the order of the text", () => {
    const text = `id: T\nabout: A test.\nplatform: zen\n${rest}nonsense: 1\n`;
    assert.deepEqual(
      readScenario(text).problems.map((p) => text.slice(p.range.start, p.range.end)),
      ["T", "zen", "nonsense"],
    );
  });

  it("settings are names of the source, on, off or a number", () => {
    const read = (settings: string) =>
      readScenario(`id: a\nabout: A.\ncpus:\n  - starts: swapper/0\nsettings: ${settings}\n`);
    assert.deepEqual(read("{ X86_FEATURE_PCID: false, CONFIG_DEBUG_VM: true, CONFIG_HZ: 100 }").scenario?.settings, {
      X86_FEATURE_PCID: 0,
      CONFIG_DEBUG_VM: 1,
      CONFIG_HZ: 100,
    });
    assert.equal(
      read("{}").scenario?.settings === undefined || Object.keys(read("{}").scenario!.settings!).length === 0,
      true,
    );
    assert.match(read("{ X86_FEATURE_PCID: maybe }").problems[0].message, /true, false or a whole number/);
    assert.match(read("{ 'a b': 1 }").problems[0].message, /a name as the source spells it/);
  });
});
