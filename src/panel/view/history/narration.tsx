/** What the last step did: its sentence, its place, what it changed, and what it broke. */
import type { PanelState } from "../../messages";
import { Icon } from "../parts/icon";
import { PlaceLink } from "../parts/place";
import { Fold } from "../parts/section";
import { useSteadyHeight, useSteadyRows } from "../parts/steady";
import { strings } from "../strings";

/** More changes than this are counted, not listed. */
const shownChanges = 4;

/** The properties that hold before this step and not after it. */
const brokenHere = (state: PanelState) => state.properties.filter((p) => !p.ok && p.failedAt === state.step);

/** What the history comes to rest on in this step. */
const unknownHere = (state: PanelState) => state.restsOn.filter((u) => u.at === state.step);

/** What a screen reader says after a step; it differs from the one before even if the same statement ran again. */
export function announcement(state: PanelState): string {
  const { step, last, sentence, notice } = state;
  const broken = brokenHere(state).map((p) => `${strings.narration.fails(p.label)}. ${p.why ?? ""}`);
  const unknown = unknownHere(state).flatMap((u) => [strings.narration.fromHere, u.message]);
  return [strings.narration.announce(step, last, sentence), ...broken, ...unknown, notice].filter(Boolean).join(" ");
}

function Change({ text }: { text: string }) {
  return (
    <li title={text}>
      <Icon name="triangle-right" />
      {text}
    </li>
  );
}

export function Narration({ state }: { state: PanelState }) {
  const { sentence, place, changes } = state;
  const listed = changes.length > shownChanges ? changes.slice(0, shownChanges - 1) : changes;
  const rows = useSteadyRows(Math.min(changes.length, shownChanges), 2);
  return (
    <section class="narration" aria-label={strings.narration.label}>
      <p ref={useSteadyHeight<HTMLParagraphElement>()} class="sentence">
        {sentence} {place && <PlaceLink place={place} />}
      </p>
      {brokenHere(state).map((p) => (
        <p key={p.id} class="broken-here">
          <Icon name="error" />
          <span>
            <strong>{strings.narration.fails(p.label)}.</strong> {p.why}
          </span>
        </p>
      ))}
      {unknownHere(state).map((u, i) => (
        <p key={i} class="unknown-here">
          <Icon name="question" />
          <span>
            <strong>{strings.narration.fromHere}</strong> {u.message}
          </span>
        </p>
      ))}
      <div class="changes">
        <h2 class="sr-only">{strings.narration.changed}</h2>
        {changes.length === 0 && (
          <p class="none steady" style={rows}>
            {strings.narration.nothingChanged}
          </p>
        )}
        {changes.length > 0 && (
          <ul class="steady" style={rows}>
            {listed.map((change, i) => (
              <Change key={i} text={change} />
            ))}
            {listed.length < changes.length && (
              <li>
                <Fold id="all-changes" title={strings.narration.more(changes.length - listed.length)}>
                  <ul>
                    {changes.slice(listed.length).map((change, i) => (
                      <Change key={i} text={change} />
                    ))}
                  </ul>
                </Fold>
              </li>
            )}
          </ul>
        )}
      </div>
    </section>
  );
}
