/** The running panel: takes messages, draws, sends messages, and comes back after a reload as it was. */
import { render } from "preact";
import type { FromPanel, PanelState, ToPanel } from "../messages";
import { App, type Said } from "./app";
import { PanelContext, type Panel } from "./panel-context";
import { loadSaved, saver, type PanelHost } from "./saved";

export function startPanel(root: HTMLElement, host: PanelHost): void {
  const saved = loadSaved(host);
  const open = saved.open;
  let state: PanelState | undefined = saved.state;
  let said: Said | undefined;
  /** Where to scroll as soon as there is enough to scroll; forgotten when the reader scrolls. */
  let scroll = saved.scroll;
  const save = saver(host, () => ({ state, open, scroll: window.scrollY }));

  const panel: Panel = {
    send: (message: FromPanel) => host.postMessage(message),
    isOpen: (id, otherwise) => open[id] ?? otherwise,
    setOpen(id, isOpen) {
      open[id] = isOpen;
      draw();
      save.soon();
    },
  };

  function draw() {
    render(
      <PanelContext.Provider value={panel}>
        <App state={state} said={said} />
      </PanelContext.Provider>,
      root,
    );
    if (state && scroll > 0) {
      window.scrollTo(0, scroll);
      scroll = 0;
    }
  }

  window.addEventListener("message", ({ data }: MessageEvent<ToPanel>) => {
    if (data?.type === "state") state = data.state;
    else if (data?.type === "idle") state = undefined;
    else if (data?.type === "say") said = { text: data.text, count: (said?.count ?? 0) + 1 };
    else return;
    draw();
    save.soon();
  });
  window.addEventListener("scroll", () => save.soon(), { passive: true });
  window.addEventListener("pagehide", () => save.now());
  draw();
  panel.send({ type: "ready" });
}
