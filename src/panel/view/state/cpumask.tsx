/** The mm × CPU matrix: which CPU's bit is set in which mm's cpumask. */
import { useRef, useState } from "preact/hooks";
import type { MmView } from "../../../machine/view/view";
import { gridMove, type GridPlace } from "../parts/grid-keys";
import { Icon } from "../parts/icon";
import { classes } from "../parts/names";
import { usePanel } from "../panel-context";
import { Section } from "../parts/section";
import { strings } from "../strings";

/** A bit's shape differs by what it is and by whether the last step changed it. */
function bit(set: boolean, changed: boolean): { icon: string; word: string } {
  const { cpumask } = strings;
  if (changed)
    return set ? { icon: "diff-added", word: cpumask.justSet } : { icon: "diff-removed", word: cpumask.justCleared };
  return set ? { icon: "circle-large-filled", word: cpumask.set } : { icon: "circle-small", word: cpumask.clear };
}

export function Cpumask({ mms, cpus }: { mms: MmView[]; cpus: number[] }) {
  const panel = usePanel();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<GridPlace>({ row: 0, column: 0 });
  const focus = { row: Math.min(at.row, mms.length - 1), column: Math.min(at.column, cpus.length - 1) };
  /** Too many for their names to stand side by side: the numbers do. */
  const many = cpus.length > 4;
  const key = (e: KeyboardEvent) => {
    const to = gridMove(focus, e.key, mms.length, cpus.length);
    if (!to) return;
    e.preventDefault();
    setAt(to);
    table.current?.querySelectorAll<HTMLButtonElement>("tbody button")[to.row * cpus.length + to.column]?.focus();
  };
  return (
    <Section id="cpumask" title={strings.cpumask.title}>
      <div class="scroll">
        <table ref={table} aria-labelledby="cpumask-title" onKeyDown={key}>
          <thead>
            <tr>
              <th scope="col">{many ? strings.cpumask.mmByCpu : strings.cpumask.mm}</th>
              {cpus.map((cpu) => (
                <th key={cpu} scope="col" aria-label={strings.cpu(cpu)}>
                  {many ? cpu : strings.cpu(cpu)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {mms.map((mm, row) => (
              <tr key={mm.name}>
                <th scope="row">{mm.name}</th>
                {cpus.map((cpu, column) => {
                  const { icon, word } = bit(mm.cpumask[cpu], mm.cpumaskChanged[cpu]);
                  const label = strings.cpumask.cell(strings.cpu(cpu), mm.name, word);
                  return (
                    <td key={cpu}>
                      <button
                        type="button"
                        class={classes("bit", mm.cpumask[cpu] && "set", mm.cpumaskChanged[cpu] && "changed")}
                        aria-label={label}
                        title={`${label}\n${strings.value.goto}`}
                        tabIndex={row === focus.row && column === focus.column ? 0 : -1}
                        onFocus={() => setAt({ row, column })}
                        onClick={() => panel.send({ type: "lastWrite", cell: mm.cpumaskCell, bit: cpu })}
                      >
                        <Icon name={icon} />
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
