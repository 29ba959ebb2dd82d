/** The last few events, and the histories that were kept when the reader forked the history. */
import type { PanelState } from "../../messages";
import { classes } from "../parts/names";
import { Icon } from "../parts/icon";
import { usePanel } from "../panel-context";
import { Section } from "../parts/section";
import { useSteadyRows } from "../parts/steady";
import { strings } from "../strings";

/** Newest first: what just happened stands at the same place after every step. */
export function Events({ events, step }: Pick<PanelState, "events" | "step">) {
  const panel = usePanel();
  const rows = useSteadyRows(events.length);
  return (
    <Section id="events" title={strings.events.title}>
      {events.length === 0 && (
        <p class="none steady" style={rows}>
          {strings.events.none}
        </p>
      )}
      <ol class="steady" style={rows}>
        {[...events].reverse().map(({ at, cpu, text, place }) => (
          <li
            key={`${at} ${cpu} ${text}`}
            class={classes("event", at === step && "here")}
            aria-current={at === step ? "step" : undefined}
          >
            <button
              type="button"
              class="at"
              title={strings.events.goto(at)}
              aria-label={strings.events.goto(at)}
              onClick={() => panel.send({ type: "goto", step: at })}
            >
              {at}
            </button>
            <span class="cpu-name">{strings.cpu(cpu)}</span>
            {place && (
              <button
                type="button"
                class="text"
                title={`${text}\n${strings.place.at(place.fn, place.line)}`}
                onClick={() => panel.send({ type: "openPlace", place })}
              >
                {text}
              </button>
            )}
            {!place && (
              <span class="text" title={text}>
                {text}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

export function Branches({ branches }: Pick<PanelState, "branches">) {
  const panel = usePanel();
  if (branches.length === 0) return null;
  return (
    <Section id="branches" title={strings.branches.title}>
      <ul>
        {branches.map(({ id, label, length }) => (
          <li key={id}>
            <button
              type="button"
              class="branch"
              title={strings.branches.take(label)}
              onClick={() => panel.send({ type: "branch", id })}
            >
              <Icon name="git-branch" />
              <span class="text">{label}</span> <span class="how">{strings.branches.length(length)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
