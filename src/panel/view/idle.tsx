/** What the panel says while no simulation runs: what to do, in two lines, and where to begin. */
import { Icon } from "./parts/icon";
import { usePanel } from "./panel-context";
import { strings } from "./strings";

export function Idle() {
  const panel = usePanel();
  const { idle } = strings;
  const offers = [
    { command: "tlbscope.openEdition", icon: "go-to-file", words: idle.openEdition, kind: "" },
    { command: "tlbscope.simulate", icon: "debug-alt", words: idle.simulate, kind: "secondary" },
    { command: "tlbscope.openWalkthrough", icon: "mortar-board", words: idle.walkthrough, kind: "secondary" },
  ] as const;
  return (
    <div class="idle">
      <h1>{idle.title}</h1>
      {idle.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {offers.map(({ command, icon, words, kind }) => (
        <button
          key={command}
          type="button"
          class={`button ${kind}`}
          onClick={() => panel.send({ type: "command", command })}
        >
          <Icon name={icon} />
          {words}
        </button>
      ))}
    </div>
  );
}
