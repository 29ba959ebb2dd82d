/**
 * *Ask a Question of Your Own…*: what kind, while which function runs, and the C expression, checked while it is
 * typed.
 */
import * as vscode from "vscode";
import type { AskedProperty } from "../../check/search/asked";
import type { QuestionAnswer } from "../../jobs/protocol";

type Kind = AskedProperty["kind"];
/** The result of a step: a value, one step back, or undefined when the reader left. */
type Step<T> = { value: T } | "back" | undefined;

/** Says whether a question can be asked, and which functions there are to ask about. */
type Inquire = (question?: AskedProperty) => Promise<QuestionAnswer>;

/** A pause in typing. */
const pause = 150;

/** Leads the reader through the steps; undefined when they leave. `fn` is proposed as the function. */
export async function askReader(inquire: Inquire, fn: string | undefined): Promise<AskedProperty | undefined> {
  // Known by the time the second step is there, as a rule.
  const functions = inquire().then(
    (a) => a.functions,
    () => [],
  );
  let kind: Kind | undefined,
    where: string | undefined = fn,
    text = "";
  for (let step = 1; ;) {
    if (step === 1) {
      const chosen = await pick(1, vscode.l10n.t("What do you want to know?"), kinds(), kind ?? "can");
      if (chosen === undefined || chosen === "back") return undefined;
      kind = chosen.value;
      step = 2;
    } else if (step === 2) {
      const chosen = await pick(
        2,
        vscode.l10n.t("When? In a function its own variables can be named."),
        places(await functions, fn),
        where,
      );
      if (chosen === undefined) return undefined;
      if (chosen !== "back") where = chosen.value;
      step = chosen === "back" ? 1 : 3;
    } else {
      const question = (t: string): AskedProperty => ({
        kind: kind!,
        text: t.trim(),
        ...(where === undefined ? {} : { in: where }),
      });
      const typed = await type(question, text, (t) => (text = t), inquire);
      if (typed === undefined) return undefined;
      if (typed !== "back") return question(typed.value);
      step = 2;
    }
  }
}

interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

function kinds(): Choice<Kind>[] {
  return [
    {
      value: "can",
      label: vscode.l10n.t("Can it be that …?"),
      detail: vscode.l10n.t("The answer is the shortest execution that gets there, or that there is none."),
    },
    {
      value: "always",
      label: vscode.l10n.t("Is it always so that …?"),
      detail: vscode.l10n.t(
        "A promise: true in every state, or else the check fails, with the shortest execution that breaks it.",
      ),
    },
    {
      value: "occurs",
      label: vscode.l10n.t("Does it ever come about that …?"),
      detail: vscode.l10n.t(
        "True in some state, or else the check fails: against a verdict that holds because nothing happens.",
      ),
    },
  ];
}

function places(functions: readonly string[], proposed: string | undefined): Choice<string | undefined>[] {
  const names = [...new Set([...(proposed === undefined ? [] : [proposed]), ...[...functions].sort()])];
  return [
    {
      value: undefined,
      label: vscode.l10n.t("At any time"),
      detail: vscode.l10n.t("Per-CPU variables mean the copy of each CPU in turn."),
    },
    ...names.map((name) => ({ value: name, label: `${name}()`, description: vscode.l10n.t("while a CPU runs it") })),
  ];
}

const steps = 3;
const title = (): string => vscode.l10n.t("Ask a Question of Your Own");

function pick<T>(step: number, placeholder: string, items: Choice<T>[], active: T): Promise<Step<T>> {
  const box = vscode.window.createQuickPick<Choice<T>>();
  Object.assign(box, {
    title: title(),
    step,
    totalSteps: steps,
    placeholder,
    items,
    matchOnDetail: true,
    buttons: step > 1 ? [vscode.QuickInputButtons.Back] : [],
  });
  box.activeItems = items.filter((i) => i.value === active);
  return shown(box, (resolve) => [
    box.onDidAccept(() => resolve(box.selectedItems[0] && { value: box.selectedItems[0].value })),
    box.onDidTriggerButton(() => resolve("back")),
  ]);
}

function type(
  question: (text: string) => AskedProperty,
  text: string,
  keep: (text: string) => void,
  inquire: Inquire,
): Promise<Step<string>> {
  const box = vscode.window.createInputBox();
  const { kind, in: where } = question("");
  const prompt =
    where === undefined
      ? vscode.l10n.t("A C expression over the machine's state")
      : vscode.l10n.t("A C expression, as a CPU in {0}() would work it out", where);
  Object.assign(box, {
    title: title(),
    step: steps,
    totalSteps: steps,
    prompt,
    placeholder: example(kind, where),
    value: text,
    ignoreFocusOut: true,
    buttons: [vscode.QuickInputButtons.Back],
  });
  let timer: ReturnType<typeof setTimeout> | undefined,
    asked = 0;
  /** Looks at what stands there; the answer only counts while it still does. */
  const look = async (): Promise<QuestionAnswer["refused"]> => {
    const mine = ++asked,
      { value } = box;
    const refused = value.trim() ? (await inquire(question(value))).refused : undefined;
    if (mine === asked) box.validationMessage = refused && mistakeWords(value, refused);
    return refused;
  };
  return shown<string>(box, (resolve) => [
    box.onDidChangeValue((value) => {
      keep(value);
      clearTimeout(timer);
      timer = setTimeout(() => void look().catch(() => undefined), pause); // accepting it shows the error
    }),
    box.onDidAccept(async () => {
      const { value } = box;
      if (!value.trim()) return;
      clearTimeout(timer);
      box.busy = true;
      const refused = await look().catch(() => undefined);
      box.busy = false;
      if (!refused) resolve({ value });
      // What is wrong is selected: the next letter replaces it.
      else if (refused.at && box.value === value) box.valueSelection = [refused.at.start, refused.at.end];
    }),
    box.onDidTriggerButton(() => resolve("back")),
    { dispose: () => clearTimeout(timer) },
  ]);
}

/** What is wrong, and at which of the words that were typed. */
function mistakeWords(text: string, { why, at }: NonNullable<QuestionAnswer["refused"]>): string {
  if (!at) return why;
  const word = text.slice(at.start, at.end).trim();
  return word ? vscode.l10n.t("At “{0}”: {1}", word, why) : vscode.l10n.t("At the end: {0}", why);
}

function example(kind: Kind, where: string | undefined): string {
  if (where !== undefined)
    return kind === "always"
      ? "cpumask_test_cpu(cpu, mm_cpumask(next))"
      : "cpu_tlbstate.state == TLBSTATE_OK && cpu_tlbstate.active_mm != next";
  return kind === "always" ? "cpu_tlbstate.active_mm != 0" : "cpu_tlbstate.state == TLBSTATE_LAZY";
}

function shown<T>(
  box: vscode.QuickInput,
  listen: (resolve: (step: Step<T>) => void) => vscode.Disposable[],
): Promise<Step<T>> {
  return new Promise<Step<T>>((resolve) => {
    const listening = vscode.Disposable.from(
      ...listen(resolve),
      box.onDidHide(() => resolve(undefined)),
    );
    box.onDidHide(() => listening.dispose());
    box.show();
  }).finally(() => box.dispose());
}
