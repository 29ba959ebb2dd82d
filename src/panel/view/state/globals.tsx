/** Globals and other shared objects of the kernel, folded away until they are asked for. */
import type { ValueView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { Fold } from "../parts/section";
import { strings } from "../strings";
import { Row, Value } from "../parts/value";

export function Globals({ globals }: { globals: ValueView[] }) {
  if (globals.length === 0) return null;
  const changed = globals.filter((v) => v.changed).length;
  const title = (
    <>
      <h2>{strings.globals.title}</h2>
      {changed > 0 && (
        <span class="changed-count">
          <Icon name="triangle-right" />
          {strings.globals.changed(changed)}
        </span>
      )}
    </>
  );
  return (
    <Fold id="globals" title={title}>
      <dl>
        {globals.map((v) => (
          <Row key={v.name} name={v.name}>
            <Value value={v} of={strings.globals.of} />
          </Row>
        ))}
      </dl>
    </Fold>
  );
}
