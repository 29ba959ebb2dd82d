/** The first steps of “Get started”: commands for its buttons, and what tells that a step was really done. */
import * as vscode from "vscode";
import type { PanelState } from "../../panel/messages";
import { perform } from "../../tour/play/actions";
import type { TourAction } from "../../tour/format/tour";
import { DEFAULT_SCENARIO } from "../../scenario/order";
import { Trace } from "../../trace/trace";
import { Machine } from "../../machine/machine";
import type { EditionFolder } from "../source/edition-files";
import { done, withMilestones } from "../milestones";
import { protocolFunctions } from "../source/protocol-functions";
import type { Sessions } from "../session/sessions";
import type { Driver } from "../session/driver";
import type { TourSources } from "./playing";
import { command } from "../command";

/** Here a lazy CPU comes back to the mm that it borrowed: the line that all of this began with. */
const firstLine = { fn: "switch_mm", statement: /TLBSTATE_OK/g, nth: 2 };

/** CPU0 goes lazy; CPU1 unmaps a page and waits. From here a flush can be delivered between any two lines of CPU0. */
const untilAFlushWaits: TourAction[] = [
  { do: "run", cpu: 0, until: "action" },
  { do: "run", cpu: 1, until: "waits" },
];

export class Welcome {
  /** Where the session stood when it was first shown. */
  private first: { session: vscode.DebugSession | undefined; step: number } | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly sources: TourSources,
    private readonly driver: Driver,
    private readonly edition: EditionFolder,
    /** The extension's id, as publisher.name. */
    private readonly id: string,
  ) {}

  start(): vscode.Disposable {
    const looked = () =>
      vscode.window.visibleTextEditors.some((e) => protocolFunctions(e.document).length > 0) && done("open");
    looked();
    return vscode.Disposable.from(
      command("tlbscope.openWalkthrough", () =>
        withMilestones(() =>
          vscode.commands.executeCommand("workbench.action.openWalkthrough", `${this.id}#getStarted`, false),
        ),
      ),
      command("tlbscope.try.simulate", () => this.simulate()),
      command("tlbscope.try.interrupt", () => this.interrupt()),
      vscode.window.onDidChangeVisibleTextEditors(looked),
      vscode.workspace.onDidOpenTextDocument(looked),
      this.sessions.onDidChangeState((state) => this.watch(state)),
    );
  }

  /** Simulates from a line that is worth it, in whatever source is open. */
  private async simulate(): Promise<void> {
    let at = lineToTry();
    if (!at) {
      await this.edition.open();
      at = lineToTry();
    }
    if (!at)
      throw new Error(
        vscode.l10n.t(
          "No open file has a function switch_mm(). Open the built-in edition, or " +
            "arch/x86/include/asm/mmu_context.h of your tree.",
        ),
      );
    await vscode.window.showTextDocument(at.document, {
      selection: new vscode.Range(at.line - 1, 0, at.line - 1, 0),
      viewColumn: vscode.window.visibleTextEditors.find((e) => e.document === at.document)?.viewColumn,
    });
    await vscode.commands.executeCommand("tlbscope.simulate", { uri: at.document.uri.toString(), line: at.line });
  }

  /** Puts the machine where a flush waits to be delivered. */
  private async interrupt(): Promise<void> {
    const root = await this.sources.root();
    const { name, scenario } = await this.sources.scenarios.find(DEFAULT_SCENARIO);
    const machine = new Machine(await this.sources.programs.build(root, scenario!.platform), scenario!);
    const trace = new Trace(machine);
    for (const action of untilAFlushWaits) {
      const why = perform({ trace, find: () => ({ lost: "" }), drift: () => undefined }, action);
      if (why)
        throw new Error(
          vscode.l10n.t("This source doesn't bring a flush to CPU0: {0} Try it on the built-in edition.", why),
        );
    }
    const moves = Array.from({ length: trace.cursor }, (_, i) => trace.entry(i + 1).cause).flatMap((c) =>
      c.k === "move" ? [c.move] : [],
    );
    const { files } = machine.program;
    if (
      await this.driver.drive({
        machine,
        scenario: name,
        tree: root?.toString(),
        files,
        originals: files,
        moves,
        cpu: 0,
      })
    ) {
      vscode.window.setStatusBarMessage(
        vscode.l10n.t("$(zap) CPU1 waits for CPU0's answer: press Deliver in the panel, now or some lines later."),
        12_000,
      );
    }
  }

  private watch(state: PanelState | undefined): void {
    if (!state) return;
    done("simulate");
    const session = this.sessions.current;
    if (this.first?.session !== session) this.first = { session, step: state.step };
    if (state.step !== this.first?.step) done("step");
    if (state.ipis.some((ipi) => ipi.stage !== "queued")) done("deliver");
  }
}

function lineToTry(): { document: vscode.TextDocument; line: number } | undefined {
  for (const { document } of vscode.window.visibleTextEditors) {
    const fn = protocolFunctions(document).find((f) => f.item.name === firstLine.fn);
    if (!fn) continue;
    const text = document.getText().slice(fn.item.bodyStart, fn.item.end);
    const hits = [...text.matchAll(firstLine.statement)];
    const hit = hits[firstLine.nth - 1] ?? hits.at(-1);
    return { document, line: hit ? document.positionAt(fn.item.bodyStart + hit.index).line + 1 : fn.nameLine };
  }
  return undefined;
}
