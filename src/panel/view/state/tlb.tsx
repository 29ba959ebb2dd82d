/** The translations that one CPU's TLB holds, each with a word for what is wrong with it. */
import type { TlbEntryView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { classes } from "../parts/names";
import { useSteadyRows } from "../parts/steady";
import { strings } from "../strings";
import { Cell } from "../parts/value";

/** What is wrong with an entry, worst first: its frame was freed, or the page table no longer says so. */
function wrong(entry: TlbEntryView): { icon: string; word: string; tip: string } | undefined {
  const { card } = strings;
  if (entry.dropped) return undefined;
  if (entry.freed) return { icon: "error", word: card.freed, tip: card.freedTip };
  if (entry.stale) return { icon: "warning", word: card.stale, tip: card.staleTip };
  return undefined;
}

export function Tlb({ entries, cpu }: { entries: TlbEntryView[]; cpu: string }) {
  const rows = useSteadyRows(entries.length);
  if (entries.length === 0)
    return (
      <span class="none steady" style={rows}>
        {strings.card.tlbEmpty}
      </span>
    );
  return (
    <ul class="steady" style={rows}>
      {entries.map((entry) => {
        const problem = wrong(entry);
        const pcid = entry.pcid === undefined ? "" : ` (PCID ${entry.pcid})`;
        const text = `${entry.mm}:${entry.page} → ${entry.frame}${pcid}`;
        const says = `${strings.card.tlb} ${cpu}: ${text}${problem ? `, ${problem.word}` : ""}`;
        return (
          <li
            key={`${entry.cell} ${text}`}
            class={classes("tlb-entry", entry.dropped && "dropped", problem && "wrong")}
          >
            <Cell
              cell={entry.cell}
              says={says}
              changed={entry.changed}
              how={entry.dropped ? strings.card.dropped : problem ? undefined : strings.card.filled}
            >
              {text}
            </Cell>
            {problem && (
              <span class={`flaw ${problem.icon}`} title={problem.tip}>
                <Icon name={problem.icon} /> {problem.word}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
