/** A place in the source, as a link that opens it. */
import type { SourcePlace } from "../../../machine/view/view";
import { fileName } from "./names";
import { usePanel } from "../panel-context";
import { strings } from "../strings";

export function PlaceLink({ place }: { place: SourcePlace }) {
  const panel = usePanel();
  return (
    <button
      type="button"
      class="link"
      title={strings.place.open(fileName(place), place.line)}
      onClick={() => panel.send({ type: "openPlace", place })}
    >
      {strings.place.at(place.fn, place.line)}
    </button>
  );
}
