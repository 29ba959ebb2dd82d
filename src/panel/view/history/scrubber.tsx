/** The history as a slider. Dragging follows the hand; the machine follows once per frame. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PanelState } from "../../messages";
import { eachFrame } from "../parts/each-frame";
import { classes } from "../parts/names";
import { usePanel } from "../panel-context";
import { strings } from "../strings";

export function Scrubber({ state }: { state: PanelState }) {
  const { step, last, marks } = state;
  const panel = usePanel();
  const send = useRef(panel.send);
  send.current = panel.send;
  const throttled = useMemo(() => eachFrame<number>((to) => send.current({ type: "goto", step: to })), []);
  /** Where the hand is, or left the slider, as long as the machine has not answered. */
  const [wanted, want] = useState<number | undefined>();
  const held = useRef(false);
  useLayoutEffect(() => {
    if (!held.current) want(undefined);
  }, [state]);
  const shown = wanted ?? step;

  const drag = (to: number) => {
    held.current = true;
    want(to);
    throttled.push(to);
  };
  /** The browser reports no change when the hand comes back to where it began, so the pointer's end counts too. */
  const release = () => {
    if (!held.current) return;
    held.current = false;
    throttled.flush();
  };
  /** At the end of the history the right arrow takes a new step, as the button does. */
  const key = (e: KeyboardEvent) => {
    if (step !== last || (e.key !== "ArrowRight" && e.key !== "ArrowUp")) return;
    e.preventDefault();
    panel.send({ type: "stepForward" });
  };
  const where = strings.transport.at(shown, last, marks.find((m) => m.at === shown)?.label);
  return (
    <div class="scrubber">
      <input
        type="range"
        min={0}
        max={last}
        step={1}
        value={shown}
        style={{ "--fill": `${last > 0 ? (100 * shown) / last : 0}%` }}
        aria-label={strings.transport.scrubber}
        aria-valuetext={where}
        title={where}
        onInput={(e) => drag(e.currentTarget.valueAsNumber)}
        onChange={release}
        onPointerUp={release}
        onPointerCancel={release}
        onBlur={release}
        onKeyDown={key}
      />
      <div class="ticks" aria-hidden="true">
        {marks.map((m) => (
          <span
            key={`${m.at} ${m.label}`}
            class={classes("tick", m.failed && "failed", m.at === shown && "here")}
            style={{ "--at": last > 0 ? m.at / last : 0 }}
          />
        ))}
      </div>
    </div>
  );
}
