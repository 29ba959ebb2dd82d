/** Stores of one CPU that the others don't see yet (TSO), the oldest first; that one can be let out. */
import type { StoreBufferView } from "../../../machine/view/view";
import { shortName } from "../parts/names";
import { usePanel } from "../panel-context";
import { useSteadyRows } from "../parts/steady";
import { strings } from "../strings";
import { Cell } from "../parts/value";

export function StoreBuffer({ buffer: { stores, drain }, cpu }: { buffer: StoreBufferView; cpu: string }) {
  const panel = usePanel();
  const { card } = strings;
  const rows = useSteadyRows(stores.length);
  if (stores.length === 0)
    return (
      <span class="none steady" style={rows}>
        {card.storesNone}
      </span>
    );
  return (
    <ul class="steady" style={rows}>
      {stores.map((store, i) => (
        <li key={`${i} ${store.name}`} class="store">
          <Cell cell={store.cell} says={`${card.stores} ${cpu}: ${store.name} = ${store.value}`}>
            {shortName(store.name, stores)} = {store.value}
          </Cell>
          {i === 0 && drain !== undefined && (
            <button
              type="button"
              class="button small"
              title={card.drainTip(store.name, cpu)}
              onClick={() => panel.send({ type: "move", move: drain })}
            >
              {card.drain}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
