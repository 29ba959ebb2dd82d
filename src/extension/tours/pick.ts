/** The lists that a tour asks the reader to choose from. */
import * as vscode from "vscode";
import type { Answer } from "../../tour/play/tour-question";
import type { Contents } from "../../tour/format/contents";
import type { Question } from "../../tour/play/step-state";
import type { FoundTour } from "./library";
import type { TourProgress } from "./tour-progress";

interface TourItem extends vscode.QuickPickItem {
  found: FoundTour;
  /** Where to go on; the beginning when left out. */
  step?: string;
}

/** Which tour to take. One that was left is offered to go on with, and, by a button, from its start. */
export function pickTour(
  tours: FoundTour[],
  progress: TourProgress,
): Promise<{ found: FoundTour; step?: string } | undefined> {
  const restart: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("debug-restart"),
    tooltip: vscode.l10n.t("From the start"),
  };
  const list = vscode.window.createQuickPick<TourItem>();
  list.title = vscode.l10n.t("Take a Tour");
  list.placeholder = vscode.l10n.t("What would you like to be shown?");
  list.matchOnDetail = true;
  list.items = tours.map((found): TourItem => {
    const { tour, uri, builtIn } = found;
    if (!tour)
      return {
        found,
        label: uri.path.split("/").at(-1)!,
        detail: vscode.l10n.t("This file has mistakes: open it to see them."),
      };
    const went = progress.of(found.key);
    const on = went && !went.done && tour.steps.some((s) => s.id === went.step) && went.step !== tour.steps[0].id;
    const description = [
      ...(tour.minutes === undefined ? [] : [vscode.l10n.t("{0} min", tour.minutes)]),
      ...(builtIn ? [] : [vscode.workspace.asRelativePath(uri)]),
      ...(went?.done
        ? [vscode.l10n.t("$(check) taken")]
        : on
          ? [
              went.number === undefined
                ? vscode.l10n.t("go on where you were")
                : vscode.l10n.t("go on at {0} of {1}", went.number, went.length),
            ]
          : []),
    ];
    return {
      found,
      step: on ? went.step : undefined,
      label: tour.title,
      description: description.join(" · "),
      detail: tour.about,
      buttons: on ? [restart] : [],
    };
  });
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      const [item] = list.selectedItems;
      resolve(item && { found: item.found, step: item.step });
      list.hide();
    });
    list.onDidTriggerItemButton(({ item }) => {
      resolve({ found: item.found });
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

/** A step of the tour, by its table of contents. */
export async function pickStep(title: string, contents: Contents, here: string): Promise<string | undefined> {
  const items = contents.items.map(({ id, title, number }) => ({
    id,
    label: number === undefined ? `$(git-branch) ${title}` : `${number}  ${title}`,
    description: id === here ? vscode.l10n.t("you are here") : undefined,
  }));
  const list = vscode.window.createQuickPick<(typeof items)[number]>();
  list.title = title;
  list.placeholder = vscode.l10n.t("Go to which step?");
  list.matchOnDescription = true;
  list.items = items;
  list.activeItems = items.filter((i) => i.id === here);
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]?.id);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

/** One of the answers that there are. */
export async function pickAnswer({ words, answers }: Question): Promise<Answer | undefined> {
  const items = answers.map(({ answer, text }) => ({ answer, label: plain(text) }));
  return (
    await vscode.window.showQuickPick(items, { title: vscode.l10n.t("The Tour Asks"), placeHolder: plain(words) })
  )?.answer;
}

/** Markdown's marks mean nothing in a list, nor to the ear. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/\$\([\w-]+\) ?/g, "")
    .replace(/\[((?:[^\]\\]|\\.)*)\]\([^)]*\)/g, "$1")
    .replace(/^> ?|^---$/gm, "")
    .replaceAll(/[*`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
