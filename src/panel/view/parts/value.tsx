/** Values of the state. Each is a button that goes to where it was last written. */
import type { ComponentChildren } from "preact";
import type { ValueView } from "../../../machine/view/view";
import { Icon } from "./icon";
import { classes, withoutSharedPrefix } from "./names";
import { usePanel } from "../panel-context";
import { strings } from "../strings";

interface CellProps {
  cell: number;
  /** The whole of what it says, for the tooltip and the screen reader: `mm_count of A: 2`. */
  says: string;
  changed?: boolean;
  /** A word for how it changed: `was 1`, `filled`. */
  how?: string;
  children: ComponentChildren;
}

/** A changed value has a mark in front, weight, and a word after it; an unchanged one keeps the mark's place free. */
export function Cell({ cell, says, changed = false, how, children }: CellProps) {
  const panel = usePanel();
  const label = changed ? `${says}, ${how ?? strings.value.changed}` : says;
  return (
    <button
      type="button"
      class={classes("value", changed && "changed")}
      aria-label={label}
      title={`${label}\n${strings.value.goto}`}
      onClick={() => panel.send({ type: "lastWrite", cell })}
    >
      <span class="mark">{changed && <Icon name="triangle-right" />}</span>
      <span class="text">{children}</span>
      {changed && how && <span class="how">{how}</span>}
    </button>
  );
}

/** A named value; `of` says whose it is: `CPU0`, `A`. */
export function Value({ value, of }: { value: ValueView; of: string }) {
  const { name, before, changed } = value;
  const how = before === undefined ? undefined : strings.value.was(withoutSharedPrefix(before, value.value));
  return (
    <Cell cell={value.cell} says={strings.value.is(name, of, value.value)} changed={changed} how={how}>
      {value.value}
    </Cell>
  );
}

/** One line of a card: a short name and what stands beside it; `split` puts a second thing at its end. */
export function Row({
  name,
  title,
  split,
  children,
}: {
  name: string;
  title?: string;
  split?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="row">
      <dt title={title}>{name}</dt>
      <dd class={split ? "split" : undefined}>{children}</dd>
    </div>
  );
}
