/**
 * The form of a scenario file, as a schema. What its names refer to is checked in scenario-meaning.ts.
 * Each `error` is a noun phrase, what should stand there; schema-issue.ts makes a sentence of it.
 */
import * as z from "zod";

/** The packed state has room for this many CPUs. */
const maxCpus = 8;

const namePattern = /^[A-Za-z][A-Za-z0-9_./:-]*$/;
const nameForm = "a name: a letter first, then letters, digits and - _ . / :";

const newName = (what: string) => z.string({ error: `${what}, as text` }).regex(namePattern, nameForm);
const taskRef = z.string({ error: "the name of a task" });
const mmRef = z.string({ error: "the name of an mm" });
const pageRef = z.string({ error: "the name of a page" });

/**
 * Pages that an mm can have: each is an entry of every TLB and of its page table. A fill names its page in one byte
 * (src/machine/move.ts), as it does the page table's own entry, which is one more.
 */
export const maxPages = 250;

const mm = z.strictObject(
  {
    pages: z
      .array(newName("a page's name").describe("A user page of this mm, mapped to a frame of its own at the start."), {
        error: "a list of page names, as in [page0, page1]",
      })
      .max(maxPages, `at most ${maxPages} pages`)
      .nullish()
      .describe("The user pages mapped at the start, in address order."),
    ldt: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe("The mm has an LDT of its own, so that switching to or from it loads one."),
  },
  { error: "the mm's pages, as in { pages: [page0] }" },
);

const task = z.strictObject(
  {
    mm: mmRef
      .optional()
      .describe(
        "The mm whose page tables the task runs on. Without one the task is a kernel thread, and borrows an mm.",
      ),
  },
  { error: "the task's mm, as in { mm: A }, or {} for a kernel thread" },
);

const reclaim = z.strictObject(
  {
    mm: mmRef.describe("The mm that loses the page."),
    page: pageRef.describe("The page that is taken."),
    pte: z
      .enum(["store", "xchg", "batched"], { error: "store, xchg or batched" })
      .describe(
        "How the page table entry is cleared: by a plain store, or by a locked exchange, which is a full memory " +
          "barrier; batched is an exchange whose flush is gathered first (kernels from 4.3 on).",
      ),
  },
  { error: "which page of which mm, as in { mm: A, page: page0, pte: store }" },
);

const exitAction = z
  .literal("exit")
  .describe("The running task gives up its mm and ends. The CPU's idle task runs on, and borrows that mm.");

/** Actions that take something, by their keys. */
const actionFields = {
  schedule: taskRef.describe("Switch to this task. swapper/0 is CPU0's own idle task, swapper/1 is CPU1's, and so on."),
  touch: pageRef.describe("In user mode, read this page of the running task's mm."),
  munmap: pageRef.describe(
    "The running task unmaps the page: the entry is cleared, the TLBs are flushed, the frame is freed.",
  ),
  munmap_table: pageRef.describe(
    "The running task unmaps the only page of its mm, and the page table that maps it: both are freed after one flush.",
  ),
  mmap: pageRef.describe("The running task maps the page again, to a new frame."),
  reclaim: reclaim.describe(
    "Whatever runs here takes a page from an mm. It need not run on that mm, and takes no mmap_sem.",
  ),
  exec: mmRef.describe(
    "The running task, often a kernel thread, gets this new mm, with interrupts on. No other task may have it.",
  ),
  global_asid: mmRef.describe(
    "The mm gets a PCID that is the same on all CPUs, so that flushes of it can be broadcast (kernels from 6.15 " +
      "on, with X86_FEATURE_INVLPGB). Elsewhere nothing happens.",
  ),
};

export type ActionKey = keyof typeof actionFields;
export const actionKeys = Object.keys(actionFields) as ActionKey[];

/** One branch for each of actionKeys, in their order, after the one for exit. */
const actionBranches = [
  exitAction,
  z.strictObject({ schedule: actionFields.schedule }),
  z.strictObject({ touch: actionFields.touch }),
  z.strictObject({ munmap: actionFields.munmap }),
  z.strictObject({ munmap_table: actionFields.munmap_table }),
  z.strictObject({ mmap: actionFields.mmap }),
  z.strictObject({ reclaim: actionFields.reclaim }),
  z.strictObject({ exec: actionFields.exec }),
  z.strictObject({ global_asid: actionFields.global_asid }),
] as const;

const action = z.union(actionBranches).describe("One thing that the CPU is asked to do.");

/** Actions that stand for all of their kind: of every task, page or mm that they can be about. */
const kinds = ["schedule", "touch", "munmap", "munmap_table", "mmap", "reclaim", "exec", "global_asid"] as const;

/** A CPU chooses among actions at most so often. */
const maxActions = 99;

const choice = z
  .strictObject(
    {
      any: z
        .array(z.union([...actionBranches, z.enum(kinds)]), {
          error: "a list of actions, as in [schedule, munmap, { touch: page0 }]",
        })
        .min(1, "at least one action, as in [schedule, munmap]")
        .describe(
          "What the CPU may do. A word alone stands for all actions of its kind: schedule for every task that no " +
            "other CPU runs, touch, munmap and mmap for every page of the running task's mm, reclaim for every page " +
            "of every mm, by a locked exchange, exec for every mm that no task has at the start.",
        ),
      actions: z
        .int({ error: `a whole number from 1 to ${maxActions}` })
        .min(1, `a whole number from 1 to ${maxActions}`)
        .max(maxActions, `a whole number from 1 to ${maxActions}`)
        .describe("How many of these it does at most, in any order and again."),
    },
    { error: "what the CPU may do, as in { any: [schedule, munmap], actions: 2 }" },
  )
  .describe("The CPU does whatever its task can do, one after the other: every workload of that length.");

/** Settings by name, as scenarios and tours give them. */
export const settingsSchema = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, "a name as the source spells it, as in CONFIG_DEBUG_VM or X86_FEATURE_PCID"),
  z.union([z.boolean(), z.int()], { error: "true, false or a whole number" }).describe("On or off, or a number."),
  { error: "settings by name, as in X86_FEATURE_PCID: false" },
);

const cpu = z.strictObject(
  {
    starts: taskRef.describe("The task that runs here at the start."),
    does: z
      .union([z.array(action, { error: "a list of actions, as in - schedule: TASK" }), choice])
      .nullish()
      .describe(
        "What the CPU is asked to do, in this order; or what it may choose from. How the CPUs' steps interleave is " +
          "left open.",
      ),
  },
  { error: "a CPU, as in starts: TASK with does: under it" },
);

const scenario = z.strictObject(
  {
    id: z
      .string({ error: "a short id as text, as in lazy-return" })
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters and digits, with single dashes between, as in lazy-return")
      .describe("Short id: lower-case letters, digits and dashes."),
    about: z
      .string({ error: "a sentence: who does what" })
      .regex(/\S/, "a sentence: who does what")
      .describe("One sentence: who does what."),
    platform: z
      .enum(["native", "xen"], { error: "native or xen" })
      .default("native")
      .describe("Who owns the page tables: the bare processor, or Xen."),
    order: z
      .enum(["sc", "tso"], { error: "sc or tso" })
      .default("sc")
      .describe("Memory order: sequentially consistent, or x86's total store order with a store buffer per CPU."),
    speculation: z
      .boolean({ error: "true or false" })
      .default(true)
      .describe("May CPUs fill their TLBs speculatively at any moment?"),
    settings: settingsSchema
      .nullish()
      .describe(
        "Configuration options, CPU features and static keys that are to be otherwise than by default, by their " +
          "names in the source.",
      ),
    mms: z
      .record(newName("an mm's name"), mm.nullable().describe("One mm: its pages, and whether it has an LDT."), {
        error: "the mms by name, as in A: { pages: [page0] }",
      })
      .nullish()
      .describe("The mms (address spaces), by name."),
    tasks: z
      .record(newName("a task's name"), task.nullable().describe("One task: its mm, or none for a kernel thread."), {
        error: "the tasks by name, as in A/1: { mm: A }",
      })
      .nullish()
      .describe("The tasks, by name. Each one counts as a user of its mm, whether it runs or not."),
    cpus: z
      .array(cpu.describe("One CPU."), { error: "a list of CPUs, each as in - starts: TASK" })
      .min(1, "at least one CPU, as in - starts: TASK")
      .max(maxCpus, `at most ${maxCpus} CPUs`)
      .describe("The CPUs. The first one is CPU0."),
  },
  { error: "a scenario: id, about, mms, tasks and cpus" },
);

export const scenarioSchema = scenario;

/** A scenario file that has the right form, with its defaults filled in. */
export type ScenarioFile = z.output<typeof scenario>;
export type ActionFile = z.output<typeof action>;
export type ChoiceFile = z.output<typeof choice>;

/** Field names that are known at each kind of place; for "did you mean". */
export const knownFields = {
  scenario: Object.keys(scenario.shape),
  mm: Object.keys(mm.shape),
  task: Object.keys(task.shape),
  cpu: Object.keys(cpu.shape),
  choice: Object.keys(choice.shape),
  reclaim: Object.keys(reclaim.shape),
};

/** The schema for editors: JSON schema draft 7, which is what YAML language servers read. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(scenario, { target: "draft-7", io: "input" });
  return {
    $schema,
    title: "TLBscope scenario",
    description: "CPUs, mms and tasks, and what each CPU is asked to do, for TLBscope to run the kernel's own C on.",
    ...rest,
  };
}
