/** The commands with their arguments and options: what `tlbscope --help` shows, and what each of them is given. */
import { Command, CommanderError, Option } from "commander";
import { readAsked } from "../check/search/asked";
import { LayoutError } from "../machine/layout";
import { DEFAULT_SCENARIO } from "../scenario/order";
import { checkCommand } from "./commands/check-command";
import { LAUNCH_HELP, serveAdapter } from "./commands/dap-command";
import { writeEdition } from "./commands/edition-command";
import { builtInScenarios, UsageError, type Changes } from "./inputs";
import { runCommand } from "./commands/run-command";
import { checkTours, exportTour, importTour, listTours } from "./commands/tour-command";
import { packageVersion } from "./node-host";
import { fullName, usageError } from "./usage-errors";
import { whyCommand } from "./commands/why-command";

/**
 * Runs a command. Gives its exit status: 0 done, or all holds; 1 a property failed; 2 it can't be said. Throws a
 * UsageError for what the user can mend.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let status = 0;
  const program = commandLine((of) => (status = of));
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (e) {
    if (!(e instanceof CommanderError)) throw e;
    // Help that was asked for is an answer; help in place of a command that is missing isn't.
    return e.exitCode === 0 ? 0 : 2;
  }
  return status;
}

/** The same, with what goes wrong told on standard error; that is exit status 2, too. */
export async function runAndReport(args: readonly string[]): Promise<number> {
  try {
    return await runCommandLine(args);
  } catch (e) {
    const known = e instanceof UsageError || e instanceof LayoutError;
    console.error(`tlbscope: ${e instanceof Error ? (known ? e.message : e.stack) : String(e)}`);
    return 2;
  }
}

/** `done` is given the exit status. */
function commandLine(done: (status: number) => void): Command {
  const program = new Command("tlbscope")
    .description("Runs the lazy TLB protocol of a kernel tree on a model of several x86 CPUs.")
    .version(packageVersion())
    .addHelpText(
      "after",
      "\nTREE is a kernel tree's folder; without one the built-in edition is run.\n" +
        "Exit status: 0 done, or all holds; 1 a property failed; 2 it could not be done, or can't be said.",
    );
  addCheck(program, done);
  addWhy(program, done);
  addRun(program, done);
  program
    .command("scenarios")
    .description("list the built-in scenarios")
    .action(() => {
      for (const s of builtInScenarios()) console.log(`${s.id.padEnd(18)} ${s.about}`);
    });
  addTour(program, done);
  program
    .command("dap")
    .description("serve the Debug Adapter Protocol on standard input and output: an editor starts this")
    .addHelpText("after", `\n${LAUNCH_HELP}`)
    .action(serveAdapter);
  const edition = program
    .command("edition")
    .description("write the built-in edition's files into a folder")
    .argument("<DIR>", "the folder to write them into")
    .action((dir: string) => done(writeEdition(dir)));
  examples(edition, ["./edition", "then change a line, and: tlbscope check ./edition"]);
  examples(
    program,
    ["check ~/linux", "every interleaving of every built-in scenario, on that tree"],
    ["why switch_mm:60", "what breaks without that line"],
    ["check --help", "each command's own options, and examples of it"],
  );
  speak(program);
  return program;
}

type Options = Changes & { scenario?: string[] };

function addCheck(program: Command, done: (status: number) => void): void {
  const check = program
    .command("check")
    .description("look at every interleaving of the scenarios, and say which properties hold")
    .argument("[TREE]", "a kernel tree's folder")
    .addOption(scenarios())
    .addOption(order("only in this memory order; without it in both"))
    .addOption(settings())
    .option("--settings", "list the options, CPU features and static keys that decide, and don't check")
    .option("--trace", "print the shortest execution behind each failure, all of it")
    .addOption(new Option("--json", "print the verdicts as JSON").conflicts(["junit", "mail"]))
    .addOption(new Option("--junit", "print the verdicts as JUnit's XML").conflicts("mail"))
    .option("--mail", "print each failure's story as text for a mail, a column for each CPU")
    .option("--max-states <N>", "give up beyond this many states")
    .option("--max-memory <MB>", "give up where the states take more than so many megabytes")
    .option("--workloads <N>", "then every workload of at most N actions a CPU; 0 for none (20 s, at most 4 actions)")
    .option("--seconds <S>", "of workloads: stop after so many seconds, with what is known by then")
    .option("--save <FILE>", "of workloads: write the first one that fails into a scenario's file")
    .addOption(new Option("--no-scenarios", "look at workloads alone").conflicts("scenario"))
    .option("--always <EXPR [in FN()]>", "a property of your own: a C expression that is true in every state", each)
    .option("--can <EXPR [in FN()]>", "can it be true in some state?", each)
    .option("--occurs <EXPR [in FN()]>", "it must be true in some state", each)
    .action(async (tree: string | undefined, o: Options & CheckFlags) =>
      done(
        await checkCommand(tree, {
          order: o.order,
          set: o.set,
          scenarios: o.scenario ?? [],
          format: o.json ? "json" : o.junit ? "junit" : o.mail ? "mail" : "text",
          trace: o.trace ?? false,
          settings: o.settings ?? false,
          maxStates: o.maxStates,
          maxMemory: o.maxMemory,
          withScenarios: o.scenarios,
          workloads: o.workloads,
          seconds: o.seconds,
          save: o.save,
          asked: (["always", "can", "occurs"] as const).flatMap((kind) =>
            (o[kind] ?? []).map((text) => readAsked(kind, text)),
          ),
        }),
      ),
    );
  examples(
    check,
    ["~/linux", "every scenario, in both memory orders, and 20 s of workloads"],
    ["~/linux --scenario switch-away --trace", "one of them, and what breaks it, step by step"],
    ["~/linux --scenario switch-away --mail", "the story of what breaks it, as kernel mails show a race"],
    ["~/linux --no-scenarios --workloads 2 --save found.yaml", "whatever CPUs do, at most two actions each"],
    ["~/linux --settings", "what a build, a processor or the boot decides, and how it stands here"],
    ["~/linux --order tso --set X86_FEATURE_PCID=0"],
    ['--scenario lazy-return --can "cpu_tlbstate.state == TLBSTATE_OK in leave_mm()"'],
  );
}

interface CheckFlags {
  trace?: boolean;
  json?: boolean;
  junit?: boolean;
  mail?: boolean;
  settings?: boolean;
  maxStates?: string;
  maxMemory?: string;
  /** False by --no-scenarios. */
  scenarios: boolean;
  workloads?: string;
  seconds?: string;
  save?: string;
  always?: string[];
  can?: string[];
  occurs?: string[];
}

function addWhy(program: Command, done: (status: number) => void): void {
  const why = program
    .command("why")
    .description("say what breaks without a statement, or without each statement of a function")
    .argument("<FN[:LINE]>", "the function, and a line of it")
    .argument("[TREE]", "a kernel tree's folder")
    .addOption(scenarios())
    .addOption(order("only in this memory order; without it in both"))
    .addOption(settings())
    .action(async (target: string, tree: string | undefined, { order, set, scenario = [] }: Options) =>
      done(await whyCommand(target, tree, { order, set, scenarios: scenario })),
    );
  examples(
    why,
    ["switch_mm:60", "what that line is for"],
    ["enter_lazy_tlb ~/linux --scenario lazy-return", "each line of a function, in one scenario"],
  );
}

function addRun(program: Command, done: (status: number) => void): void {
  const run = program
    .command("run")
    .description("run a scenario with all CPUs in turn, and print every step")
    .argument("[TREE]", "a kernel tree's folder")
    .addOption(scenario("the scenario"))
    .addOption(order("in this memory order instead of the scenario's own"))
    .addOption(settings())
    .action(async (tree: string | undefined, { order, set, scenario }: Changes & { scenario?: string }) =>
      done(await runCommand(tree, scenario ?? DEFAULT_SCENARIO, { order, set })),
    );
  examples(run, ["", `${DEFAULT_SCENARIO} on the built-in edition`], ["~/linux --scenario switch-away --order tso"]);
}

function addTour(program: Command, done: (status: number) => void): void {
  const tour = program.command("tour").description("list, check and export tours, and import those of CodeTour");
  tour
    .command("list")
    .description("list the built-in tours")
    .action(() => done(listTours()));
  const check = tour
    .command("check")
    .description("play every step of every tour, on the built-in edition and on each tree")
    .argument("[TREE...]", "kernel trees' folders")
    .option("--tour <ID|FILE>", "only this tour (may be given again)", each)
    .action(async (trees: string[], o: { tour?: string[] }) => done(await checkTours(trees, o.tour ?? [])));
  const exporting = tour
    .command("export")
    .description("print a tour as a document, as it plays on the edition or on a tree")
    .argument("<ID|FILE>", "the tour")
    .argument("[TREE]", "a kernel tree's folder")
    .option("--format <md|html|codetour>", "Markdown, one web page, or a CodeTour file", "md")
    .action(async (name: string, tree: string | undefined, o: { format: string }) =>
      done(await exportTour(name, tree, o.format)),
    );
  const importing = tour
    .command("import")
    .description("print a CodeTour file as a tour: its lines become statements of the source")
    .argument("<FILE>", "the CodeTour file")
    .argument("[TREE]", "a kernel tree's folder")
    .addOption(scenario("the scenario that the tour is to play on"))
    .action(async (file: string, tree: string | undefined, o: { scenario?: string }) =>
      done(await importTour(file, tree, o.scenario ?? DEFAULT_SCENARIO)),
    );
  examples(check, ["~/linux"], ["--tour the-mail", "one of them, on the built-in edition"]);
  examples(exporting, ["the-mail --format html > the-mail.html", "a page to read"], ["the-mail ~/linux"]);
  examples(importing, ["~/linux/.tours/boot.tour ~/linux > boot.tour.yaml"]);
}

/** Gathers an option that may be given again. */
const each = (value: string, before: string[] = []): string[] => [...before, value];

const scenarios = (): Option =>
  new Option(
    "-s, --scenario <ID|FILE>",
    "only this scenario (may be given again); without it all built-in ones",
  ).argParser(each);

/** Of a command that runs just one. */
const scenario = (what: string): Option =>
  new Option("-s, --scenario <ID|FILE>", `${what}; ${DEFAULT_SCENARIO}, unless said otherwise`).argParser(
    (value: string, before: string | undefined) => {
      if (before !== undefined) throw new UsageError(`One scenario is run at a time: ${before}, or ${value}.`);
      return value;
    },
  );

const order = (what: string): Option => new Option("--order <sc|tso>", what);

const settings = (): Option =>
  new Option("--set <NAME[=N]>", "a setting, as X86_FEATURE_PCID=0 or flush_at_once (may be given again)").argParser(
    each,
  );

/** What to write after the command's name, each with a word on what it does. */
function examples(command: Command, ...all: [rest: string, what?: string][]): void {
  command.addHelpText("after", () => {
    const lines = all.map(([rest, what]) => {
      const line = `  ${fullName(command)}${rest && ` ${rest}`}`;
      return what === undefined ? line : `${line}\n      ${what}`;
    });
    return `\nExamples:\n${lines.join("\n")}`;
  });
}

/** What is wrong with a command is said in our sentences, by whoever runs it. */
function speak(command: Command): void {
  command.configureOutput({ outputError: () => undefined }).exitOverride((e) => {
    throw /^commander\.(help|version)/.test(e.code) ? e : usageError(e, command);
  });
  command.commands.forEach(speak);
}
