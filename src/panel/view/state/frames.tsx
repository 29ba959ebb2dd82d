/** Physical pages: which are in use, given back, or already someone else's. */
import type { FrameView } from "../../../machine/view/view";
import { Icon } from "../parts/icon";
import { classes } from "../parts/names";
import { Section } from "../parts/section";
import { strings } from "../strings";

const icons: Record<FrameView["state"], string> = {
  "in use": "circle-filled",
  freed: "circle-slash",
  reused: "refresh",
};

export function Frames({ frames }: { frames: FrameView[] }) {
  return (
    <Section id="frames" title={strings.frames}>
      <ul>
        {frames.map((frame) => (
          <li key={frame.name} class={classes("frame", frame.state.replace(" ", "-"), frame.changed && "changed")}>
            <span class="mark">{frame.changed && <Icon name="triangle-right" />}</span>
            <Icon name={icons[frame.state]} />
            <span class="text">{frame.name}</span>
            <span class="how">{strings.frameStates[frame.state]}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
