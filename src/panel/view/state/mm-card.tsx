/** One mm: its counts and other scalars, and what its page table maps. */
import type { MmView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { shortName } from "../parts/names";
import { strings } from "../strings";
import { Cell, Row, Value } from "../parts/value";

export function MmCard({ mm }: { mm: MmView }) {
  const title = `mm-${mm.name}-title`;
  return (
    <section class="card mm" aria-labelledby={title}>
      <div class="card-head">
        <h3 id={title} aria-label={strings.mms.label(mm.name)}>
          {mm.name}
        </h3>
        {mm.freed && (
          <span class="flaw error">
            <Icon name="error" /> {strings.mms.freed}
          </span>
        )}
      </div>
      <dl>
        {mm.counts.map((v) => (
          <Row key={v.name} name={shortName(v.name, mm.counts)} title={v.name}>
            <Value value={v} of={mm.name} />
          </Row>
        ))}
        {mm.pages.map((page) => {
          const to = page.frame ?? strings.mms.unmapped;
          return (
            <Row key={page.name} name={page.name}>
              <Cell
                cell={page.cell}
                says={strings.mms.page(page.name, mm.name, to)}
                changed={page.changed}
                how={page.changed ? strings.value.was(page.before ?? strings.mms.unmapped) : undefined}
              >
                {page.frame ? `→ ${page.frame}` : to}
              </Cell>
            </Row>
          );
        })}
      </dl>
    </section>
  );
}
