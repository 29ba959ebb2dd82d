/**
 * One CPU: what runs on it, its own variables, its CR3 and TLB, the interrupts that wait for it, and what it waits
 * for.
 */
import type { CpuMode, CpuView, IpiView, ValueView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { classes, shortName } from "../parts/names";
import { usePanel } from "../panel-context";
import { Pending } from "./pending";
import { PlaceLink } from "../parts/place";
import { useSteadyHeight, useSteadyRows } from "../parts/steady";
import { StoreBuffer } from "./store-buffer";
import { strings } from "../strings";
import { Tlb } from "./tlb";
import { Cell, Row, Value } from "../parts/value";
import { Choices } from "./choices";

const modeIcons: Record<CpuMode, string> = {
  user: "account",
  idle: "coffee",
  kernel: "server-process",
  interrupt: "zap",
  halted: "circle-slash",
  done: "check-all",
};

/** As many fields stand above CR3, where a low panel shows them: those that the code uses most come first. */
const LEAD = 2;

export function CpuCard({ cpu, ipis, selected }: { cpu: CpuView; ipis: IpiView[]; selected: boolean }) {
  const panel = usePanel();
  const { card } = strings;
  const name = strings.cpu(cpu.id);
  const title = `cpu-${cpu.id}-title`;
  // What belongs to the task comes below what belongs to the CPU: in a low panel the CPU's own state is seen first.
  const [tasks, own] = [true, false].map((ofTask) =>
    cpu.perCpu.filter((v) => v.name.startsWith("current->") === ofTask),
  );
  const lead = own.filter((v) => v.name.includes(".")).slice(0, LEAD);
  const row = (v: ValueView) => (
    <Row key={v.name} name={shortName(v.name, cpu.perCpu)} title={v.name}>
      <Value value={v} of={name} />
    </Row>
  );
  const waited = useSteadyRows(cpu.waits ? 1 : 0, 0)["--rows"] > 0;
  return (
    <section
      ref={useSteadyHeight<HTMLElement>()}
      class={classes("card", "cpu", selected && "selected")}
      aria-labelledby={title}
    >
      <div class="card-head">
        <h3 id={title}>
          <button
            type="button"
            class="select"
            aria-pressed={selected}
            aria-label={name}
            title={card.select(name)}
            onClick={() => panel.send({ type: "selectCpu", cpu: cpu.id })}
          >
            {name}
            {selected && (
              <span class="selected-word">
                <Icon name="check" />
                {card.selected}
              </span>
            )}
          </button>
        </h3>
        <span class="mode">
          <Icon name={modeIcons[cpu.mode]} />
          {strings.modes[cpu.mode]}
        </span>
      </div>
      <dl>
        <Row name={card.runs} split>
          <Cell cell={cpu.taskCell} says={strings.value.is(card.task, name, cpu.task)}>
            {cpu.task}
          </Cell>
          <span class={classes("irqs", cpu.irqsChanged && "changed", !cpu.irqsOn && "off")}>
            {cpu.irqsChanged && <Icon name="triangle-right" />}
            <Icon name={cpu.irqsOn ? "bell" : "bell-slash"} />
            {cpu.irqsOn ? card.irqsOn : card.irqsOff}
          </span>
        </Row>
        {cpu.choices && cpu.choices.length > 0 ? (
          <Row name={card.chooses}>
            <Choices choices={cpu.choices} cpu={name} />
          </Row>
        ) : (
          <Row name={card.does}>
            <span class={classes("one-line", cpu.action === "" && "none")} title={cpu.action}>
              {cpu.action || card.doesNothing}
            </span>
          </Row>
        )}
        {lead.map(row)}
        <Row name={card.cr3}>
          <Value value={cpu.cr3} of={name} />
        </Row>
        <Row name={card.tlb}>
          <Tlb entries={cpu.tlb} cpu={name} />
        </Row>
        <Row name={card.irq}>
          <Pending ipis={ipis} cpu={cpu.id} />
        </Row>
        {cpu.storeBuffer && (
          <Row name={card.stores} title={card.storesTip}>
            <StoreBuffer buffer={cpu.storeBuffer} cpu={name} />
          </Row>
        )}
        {own.filter((v) => !lead.includes(v)).map(row)}
        {tasks.map(row)}
        <Row name={card.next}>
          <span class={classes("one-line", !cpu.at && "none")}>
            {cpu.at ? <PlaceLink place={cpu.at} /> : card.nextNone}
          </span>
        </Row>
        {waited && (
          <Row name={card.waits}>
            <span class={classes("waits", !cpu.waits && "none")}>
              {cpu.waits && <Icon name="watch" />} {cpu.waits?.replace(/^waits /, "") ?? card.waitsNone}
            </span>
          </Row>
        )}
      </dl>
    </section>
  );
}
