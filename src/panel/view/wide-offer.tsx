/** In a low and narrow place the cards are out of sight: offers the wide place below the source instead. */
import { useLayoutEffect, useState } from "preact/hooks";
import { Icon } from "./parts/icon";
import { usePanel } from "./panel-context";
import { strings } from "./strings";

/** Below this height (and narrower than this) hardly more than the heading shows. */
const LOW = 300,
  NARROW = 560;

const isTight = (): boolean => window.innerHeight < LOW && window.innerWidth < NARROW;

export function WideOffer() {
  const panel = usePanel();
  const [tight, setTight] = useState(isTight);
  useLayoutEffect(() => {
    const measure = () => setTight(isTight());
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  if (!tight) return null;
  return (
    <button
      type="button"
      class="room link"
      onClick={() => panel.send({ type: "command", command: "tlbscope.widePanel" })}
    >
      <Icon name="layout-panel" />
      {strings.room}
    </button>
  );
}
