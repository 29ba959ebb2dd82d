/** Sends at most one of many quick values: the latest, once per animation frame. */
interface EachFrame<T> {
  push(value: T): void;
  /** Sends what is waiting now, as when a drag ends. */
  flush(): void;
}

export function eachFrame<T>(
  deliver: (value: T) => void,
  requestFrame: (run: () => void) => unknown = (run) => requestAnimationFrame(run),
): EachFrame<T> {
  let waiting: { value: T } | undefined;
  let asked = false;
  const flush = () => {
    const now = waiting;
    waiting = undefined;
    if (now) deliver(now.value);
  };
  return {
    push(value) {
      waiting = { value };
      if (asked) return;
      asked = true;
      requestFrame(() => {
        asked = false;
        flush();
      });
    },
    flush,
  };
}
