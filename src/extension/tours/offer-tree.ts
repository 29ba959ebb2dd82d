/** What to do where a tour is for other kernels than the one that is open. */
import * as vscode from "vscode";

/** Says which kernels it is for, and offers to open or to get one. */
export async function offerTree(message: string): Promise<void> {
  const [open, get] = [vscode.l10n.t("Open Your Kernel Tree…"), vscode.l10n.t("Get a Kernel Tree…")];
  const chosen = await vscode.window.showInformationMessage(message, open, get);
  if (chosen === open) await vscode.commands.executeCommand("workbench.action.files.openFolder");
  if (chosen === get) await vscode.commands.executeCommand("tlbscope.getKernelTree");
}
