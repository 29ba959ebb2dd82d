/** What the panel keeps over a reload of the window, in VS Code's own store for webviews. */
import type { PanelState } from "../messages";

/** The part of VS Code's webview API that the panel uses. */
export interface PanelHost {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

interface Saved {
  state?: PanelState;
  /** Folded parts that the reader opened or closed. */
  open: Record<string, boolean>;
  scroll: number;
}

export function loadSaved(host: PanelHost): Saved {
  const saved = host.getState() as Partial<Saved> | undefined;
  return { state: saved?.state, open: saved?.open ?? {}, scroll: saved?.scroll ?? 0 };
}

/** Saves soon, not at once: a drag over the history makes many states, and only the last is worth keeping. */
export function saver(host: PanelHost, current: () => Saved, delay = 200): { soon(): void; now(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    host.setState(current());
  };
  return { soon: () => (timer ??= setTimeout(now, delay)), now };
}
