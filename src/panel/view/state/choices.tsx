/** What a CPU that is left to choose may be told to do now: a button for each action. */
import type { ChoiceView } from "../../../machine/view/view";
import { usePanel } from "../panel-context";
import { strings } from "../strings";

export function Choices({ choices, cpu }: { choices: ChoiceView[]; cpu: string }) {
  const panel = usePanel();
  return (
    <ul class="choices">
      {choices.map(({ label, move }) => (
        <li key={label}>
          <button
            type="button"
            class="button secondary small"
            title={strings.card.choose(cpu, label)}
            onClick={() => panel.send({ type: "move", move })}
          >
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}
