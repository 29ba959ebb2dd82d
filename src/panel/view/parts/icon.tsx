/** A codicon. It says nothing to a screen reader: the word beside it, or the label of its button, does. */
export function Icon({ name }: { name: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" />;
}
