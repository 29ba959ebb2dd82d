/** The IPIs that one CPU has yet to take, or is taking. */
import type { IpiView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { useSteadyRows } from "../parts/steady";
import { strings } from "../strings";

export function Pending({ ipis, cpu }: { ipis: IpiView[]; cpu: number }) {
  const pending = ipis.filter((ipi) => ipi.to === cpu && (ipi.stage === "queued" || ipi.stage === "delivered"));
  const rows = useSteadyRows(pending.length);
  if (pending.length === 0)
    return (
      <span class="none steady" style={rows}>
        {strings.card.irqNone}
      </span>
    );
  return (
    <ul class="steady" style={rows}>
      {pending.map((ipi) => (
        <li key={`${ipi.sentAt} ${ipi.from}`} class="pending">
          <span>{strings.card.irqFrom(ipi.what, strings.cpu(ipi.from))}</span>
          {ipi.held && <Held cpu={strings.cpu(cpu)} />}
          {!ipi.held && ipi.stage === "delivered" && <span class="none">{strings.card.irqDelivered}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Queued, but its target runs with interrupts off. */
export function Held({ cpu }: { cpu: string }) {
  return (
    <span class="held" title={strings.ipis.heldTip(cpu)}>
      <Icon name="lock-small" />
      {strings.ipis.held}
    </span>
  );
}
