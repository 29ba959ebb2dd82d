/** What is promised, whether it holds at the shown state, and if not, why. */
import type { PropertyView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { classes } from "../parts/names";
import { usePanel } from "../panel-context";
import { Fold, Section } from "../parts/section";
import { strings } from "../strings";

function Property({ property, step }: { property: PropertyView; step: number }) {
  const panel = usePanel();
  const { ok, failedAt, why } = property;
  const title = (
    <>
      <Icon name={ok ? "pass-filled" : "error"} />
      <span class="label">{property.label}</span>
      <span class="how">{ok ? strings.properties.holds : strings.properties.broken}</span>
    </>
  );
  return (
    <li class={classes("property", ok ? "holds" : "broken")}>
      <Fold id={`property-${property.id}`} title={title}>
        <p class="promise">{property.sentence}</p>
      </Fold>
      {!ok && why && <p class="why">{why}</p>}
      {!ok && failedAt !== undefined && failedAt !== step && (
        <button
          type="button"
          class="link"
          title={strings.properties.first(failedAt)}
          onClick={() => panel.send({ type: "goto", step: failedAt })}
        >
          {strings.properties.goto(failedAt)}
        </button>
      )}
    </li>
  );
}

export function Properties({ properties, step }: { properties: PropertyView[]; step: number }) {
  return (
    <Section id="properties" title={strings.properties.title}>
      <ul>
        {properties.map((p) => (
          <Property key={p.id} property={p} step={step} />
        ))}
      </ul>
    </Section>
  );
}
