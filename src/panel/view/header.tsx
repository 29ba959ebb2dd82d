/** What is being simulated: scenario, kernel, memory order, CPUs, and whose files stand in for missing ones. */
import type { PanelState } from "../messages";
import { Icon } from "./parts/icon";
import { strings } from "./strings";

export function Header({ state }: { state: PanelState }) {
  const facts = [state.kernel, state.order, strings.header.cpus(state.view.cpus.length)];
  return (
    <header class="header">
      <h1 title={state.about}>{state.scenario}</h1>
      <p class="facts" title={strings.header.order(state.order)}>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      <p class="about">{state.about}</p>
      {state.settings.length > 0 && (
        <details class="settings">
          <summary>
            {strings.header.settings(
              state.settings.filter((s) => s.value !== 0).map((s) => s.name.replace(/^(CONFIG|X86_FEATURE)_/, "")),
            )}
          </summary>
          <ul>
            {state.settings.map((s) => (
              <li key={s.name} title={s.source}>
                <code>{s.name}</code> {s.value}
              </li>
            ))}
          </ul>
        </details>
      )}
      {state.standIns.length > 0 && (
        <p class="stand-ins">
          <Icon name="info" /> {strings.header.standIns(state.standIns)}
        </p>
      )}
      {state.restsOn.length > 0 && (
        <p class="rests-on" title={state.restsOn.map((u) => u.message).join("\n")}>
          <Icon name="question" /> {strings.header.restsOn([...new Set(state.restsOn.map((u) => u.name))])}
        </p>
      )}
    </header>
  );
}
