/** Moving in the history: step back and forward, from mark to mark, the scrubber, and a step by its number. */
import type { FromPanel, PanelState } from "../../messages";
import { Icon } from "../parts/icon";
import { usePanel } from "../panel-context";
import { Scrubber } from "./scrubber";
import { strings } from "../strings";

/** A button that can't act now stays in the tab order, so that the focus is not lost at either end of the history. */
function IconButton({ icon, label, message }: { icon: string; label: string; message: FromPanel | undefined }) {
  const panel = usePanel();
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={message === undefined}
      onClick={() => message && panel.send(message)}
    >
      <Icon name={icon} />
    </button>
  );
}

export function Transport({ state }: { state: PanelState }) {
  const { step, last, marks } = state;
  const panel = usePanel();
  const inOrder = [...marks].sort((a, b) => a.at - b.at);
  const before = inOrder.filter((m) => m.at < step).at(-1);
  const after = inOrder.find((m) => m.at > step);
  const typed = (input: HTMLInputElement) => {
    const to = Math.min(last, Math.max(0, Math.round(input.valueAsNumber)));
    if (Number.isFinite(to) && to !== step) panel.send({ type: "goto", step: to });
    else input.value = String(step);
  };
  return (
    <nav class="transport" aria-label={strings.transport.label}>
      <div class="buttons">
        <IconButton
          icon="chevron-left"
          label={strings.transport.markBefore(before?.label)}
          message={before && { type: "goto", step: before.at }}
        />
        <IconButton
          icon="debug-step-back"
          label={strings.transport.back}
          message={step > 0 ? { type: "stepBack" } : undefined}
        />
        <IconButton icon="debug-step-over" label={strings.transport.forward} message={{ type: "stepForward" }} />
        <IconButton
          icon="chevron-right"
          label={strings.transport.markAfter(after?.label)}
          message={after && { type: "goto", step: after.at }}
        />
      </div>
      <label class="step">
        {strings.transport.step}
        <input
          type="number"
          min={0}
          max={last}
          value={step}
          aria-label={strings.transport.goto}
          title={strings.transport.goto}
          style={{ "--digits": String(last).length }}
          onFocus={(e) => e.currentTarget.select()}
          onChange={(e) => typed(e.currentTarget)}
        />
        {strings.transport.of(last)}
      </label>
      <Scrubber state={state} />
    </nav>
  );
}
