/**
 * Why the last request could not be done. It floats over the end of the panel, or over the changes where the panel is
 * low: seen wherever the reader scrolled, and nothing moves for it.
 */
import { Icon } from "./parts/icon";

export function Notice({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p class="notice">
      <Icon name="info" />
      <span>{text}</span>
    </p>
  );
}
