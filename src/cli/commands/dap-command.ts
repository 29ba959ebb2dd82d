/** `tlbscope dap`: the debug adapter on standard input and output, for editors that speak its protocol. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { TlbscopeDebugSession } from "../../debug/adapter";
import { DebugError } from "../../debug/debug-error";
import type { DebugHost, LaunchConfig } from "../../debug/host";
import type { SourceFile } from "../../kernel/syntax/source";
import { readScenario } from "../../scenario/read-scenario";
import { settingsAsNumbers, withChanges } from "../../scenario/scenario-changes";
import { didYouMean } from "../../scenario/suggest";
import { readTextIfThere } from "../read-text";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "../node-host";
import { SourceTree } from "../source-tree";

const scenarios = path.join(packageRoot(), "walkthroughs", "scenarios");
const builtIn = (): string[] =>
  readdirSync(scenarios)
    .filter((f) => f.endsWith(".yaml"))
    .map((f) => f.slice(0, -".yaml".length));
const pathOf = (ref: string): string => (ref.startsWith("file://") ? fileURLToPath(ref) : ref);

const host: DebugHost = {
  parser: nodeParser,
  files: async (config) => (config.tree === undefined ? shippedFiles() : filesOfTree(pathOf(config.tree), config)),
  scenario: (ref) => {
    const file = builtIn().includes(ref) ? path.join(scenarios, `${ref}.yaml`) : path.resolve(pathOf(ref));
    const text = readTextIfThere(file);
    if (text === undefined)
      throw new DebugError(
        `There is no scenario ${ref}: it is neither a built-in one nor a file. ${didYouMean(ref, builtIn(), "")}`,
      );
    return Promise.resolve({ uri: file, text });
  },
  // A compact file of the edition has other lines on the disk than in the simulation.
  opens: (file) => file.origin !== "edition" || readFileSync(file.uri, "utf8") === file.text,
};

async function filesOfTree(root: string, { scenario: ref, settings }: LaunchConfig): Promise<SourceFile[]> {
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new DebugError(
      `${root} is no folder. Give the top folder of a kernel tree as "tree", or leave it out to run TLBscope's ` +
        "own edition.",
    );
  const files = treeFiles(root);
  if (files.length === 0)
    throw new DebugError(
      `${root} holds none of the files of the protocol, such as kernel/sched.c or arch/x86/mm/tlb.c. Give the ` +
        "top folder of a kernel tree.",
    );
  const { scenario } = readScenario((await host.scenario(ref)).text);
  const source = new SourceTree(root, files);
  if (scenario) await source.follow([withChanges(scenario, { settings: settingsAsNumbers(settings ?? {}) })]);
  return source.files;
}

/** What an editor has to send, as `tlbscope dap --help` says it. */
export const LAUNCH_HELP = `The launch request takes:
  scenario     a built-in scenario's name, or the path of a scenario's file; it must be given
  tree         the folder of a kernel tree; without it the built-in edition is run
  order        sc or tso, instead of the scenario's own memory order
  settings     an object, as {"X86_FEATURE_PCID": false}
  stopAt       an object with "file" and "line": run to that line first
  stopOnEntry  false to run on at once; true unless said otherwise
The README shows how Neovim is told.`;

/** Serves one client, until it disconnects or is gone: that ends the process. */
export function serveAdapter(): Promise<never> {
  const session = new TlbscopeDebugSession(host);
  process.on("SIGTERM", () => session.shutdown());
  session.start(process.stdin, process.stdout);
  return new Promise(() => undefined);
}
