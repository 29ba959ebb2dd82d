/** A labelled region with its heading, and one that can be folded. */
import type { ComponentChildren } from "preact";
import { Icon } from "./icon";
import { usePanel } from "../panel-context";

export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class={`section ${id}`} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** Folds with the browser's own `<details>`; what is open survives a reload. */
export function Fold({
  id,
  title,
  children,
  open = false,
}: {
  id: string;
  title: ComponentChildren;
  children: ComponentChildren;
  open?: boolean;
}) {
  const panel = usePanel();
  const isOpen = panel.isOpen(id, open);
  return (
    <details
      class={`fold ${id}`}
      open={isOpen}
      onToggle={(e) => e.currentTarget.open !== isOpen && panel.setOpen(id, e.currentTarget.open)}
    >
      <summary>
        <Icon name="chevron-right" />
        {title}
      </summary>
      {children}
    </details>
  );
}
