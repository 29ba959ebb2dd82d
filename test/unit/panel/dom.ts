/** The panel in a DOM without a browser: what it is sent, what it sends, and what a reader finds by name. */
import type { FromPanel, PanelState, ToPanel } from "../../../src/panel/messages";
import { startPanel } from "../../../src/panel/view/panel";

export interface PanelInDom {
  root: HTMLElement;
  sent: FromPanel[];
  /** What the panel last kept for a reload. */
  kept(): unknown;
  show(state: PanelState): Promise<void>;
  receive(message: ToPanel): Promise<void>;
  /** Runs what waits for the next animation frame. */
  frame(): void;
  /** The button with this label or text. */
  button(name: string | RegExp, within?: Element): HTMLButtonElement;
  /** The region with this label. */
  region(name: string): HTMLElement;
  click(name: string | RegExp, within?: Element): Promise<void>;
  close(): Promise<void>;
}

/** All the text of an element, with single spaces. */
export const text = (element: Element | null) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** What a screen reader calls an element: its label, what labels it, or what is in it. */
function accessibleName(element: Element): string {
  const labelledBy = element.getAttribute("aria-labelledby");
  const by = labelledBy ? document.getElementById(labelledBy) : null;
  if (by) return accessibleName(by);
  const content = () =>
    [...element.childNodes].map((n) => (n.nodeType === 1 ? accessibleName(n as Element) : n.textContent)).join("");
  return (element.getAttribute("aria-label") ?? content()).replace(/\s+/g, " ").trim();
}

/** Lets Preact draw what a click changed. */
const drawn = () => new Promise<void>((done) => setTimeout(done, 0));

/** Opens the panel; `kept` is what VS Code's store holds from before a reload. */
export async function openPanel(kept?: unknown): Promise<PanelInDom> {
  const { Window } = await import("happy-dom");
  const window = new Window({ url: "http://panel.example/" });
  const frames: (() => void)[] = [];
  const globals = { window, document: window.document, requestAnimationFrame: (run: () => void) => frames.push(run) };
  const before = Object.fromEntries(
    Object.keys(globals).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]),
  );
  Object.assign(globalThis, globals);

  const root = document.createElement("div");
  document.body.append(root);
  const sent: FromPanel[] = [];
  startPanel(root, {
    postMessage: (m) => sent.push(m as FromPanel),
    getState: () => kept,
    setState: (s) => (kept = structuredClone(s)),
  });

  const named = (selector: string, name: string | RegExp, within: Element): HTMLElement => {
    const all = [...within.querySelectorAll<HTMLElement>(selector)];
    const found = all.find((e) =>
      typeof name === "string" ? accessibleName(e) === name : name.test(accessibleName(e)),
    );
    if (!found) throw new Error(`No ${selector} is named ${name}. There are: ${all.map(accessibleName).join(" | ")}`);
    return found;
  };
  const panel: PanelInDom = {
    root,
    sent,
    kept: () => kept,
    async receive(message) {
      window.dispatchEvent(new window.MessageEvent("message", { data: message }));
      await drawn();
    },
    show: (state) => panel.receive({ type: "state", state }),
    frame: () => frames.splice(0).forEach((run) => run()),
    button: (name, within = root) => named("button", name, within) as HTMLButtonElement,
    region: (name) => named("section, nav", name, root),
    async click(name, within) {
      panel.button(name, within).click();
      await drawn();
    },
    async close() {
      window.dispatchEvent(new window.Event("pagehide"));
      await window.happyDOM.close();
      for (const [key, was] of Object.entries(before)) {
        if (was) Object.defineProperty(globalThis, key, was);
        else delete (globalThis as Record<string, unknown>)[key];
      }
    },
  };
  return panel;
}

/** Types a value into an input and fires what a browser fires. */
export async function enter(input: HTMLInputElement, value: number, ...events: string[]): Promise<void> {
  input.value = String(value);
  const { Event } = input.ownerDocument.defaultView as Window & typeof globalThis;
  for (const type of events) input.dispatchEvent(new Event(type, { bubbles: true }));
  await drawn();
}

export async function press(element: HTMLElement, key: string): Promise<void> {
  const { KeyboardEvent } = element.ownerDocument.defaultView as Window & typeof globalThis;
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await drawn();
}
