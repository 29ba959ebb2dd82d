/** IPIs in flight from one CPU to another, in four stages. */
import type { IpiStage, IpiView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { classes } from "../parts/names";
import { usePanel } from "../panel-context";
import { Held } from "./pending";
import { Section } from "../parts/section";
import { useSteadyHeight } from "../parts/steady";
import { strings } from "../strings";

const order: IpiStage[] = ["queued", "delivered", "handled", "acknowledged"];

/** Four dots: ticked when past, filled where it is now, hollow when still to come. */
function Stages({ stage }: { stage: IpiStage }) {
  const now = order.indexOf(stage);
  const finished = now === order.length - 1;
  return (
    <ol class="stages">
      {order.map((s, i) => {
        const past = i < now || finished;
        const here = i === now && !finished;
        return (
          <li
            key={s}
            class={classes("stage", past && "past", here && "here")}
            aria-current={i === now ? "step" : undefined}
          >
            <Icon name={past ? "pass-filled" : here ? "circle-filled" : "circle"} />
            <span>
              {strings.stages[s]}
              {(past || here) && <span class="sr-only">, {past ? strings.ipis.done : strings.ipis.now}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Ipi({ ipi }: { ipi: IpiView }) {
  const panel = usePanel();
  const { ipis } = strings;
  const [from, to] = [strings.cpu(ipi.from), strings.cpu(ipi.to)];
  const { deliver } = ipi;
  return (
    <li class="ipi" aria-label={ipis.label(ipi.what, from, to)}>
      <div class="ipi-head" title={ipis.sent(ipi.sentAt)}>
        <span class="from-to">
          {from}
          <Icon name="arrow-right" />
          {to}
        </span>
        <span class="what">{ipi.what}</span>
        {ipi.held && <Held cpu={to} />}
        {deliver !== undefined && (
          <button
            type="button"
            class="button small"
            title={ipis.deliverTip(ipi.what, to)}
            onClick={() => panel.send({ type: "move", move: deliver })}
          >
            {ipis.deliver}
          </button>
        )}
      </div>
      <Stages stage={ipi.stage} />
    </li>
  );
}

export function Ipis({ ipis }: { ipis: IpiView[] }) {
  return (
    <Section id="ipis" title={strings.ipis.title}>
      <div ref={useSteadyHeight<HTMLDivElement>()} class="ipi-list">
        {ipis.length === 0 && <p class="none">{strings.ipis.none}</p>}
        {ipis.length > 0 && (
          <ul>
            {ipis.map((ipi) => (
              <Ipi key={`${ipi.sentAt} ${ipi.from} ${ipi.to}`} ipi={ipi} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
