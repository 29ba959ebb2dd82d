/** Keeps the page still from step to step: a list that was once three rows high stays so when it holds one. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** A style that reserves as many rows as this list has ever had (at least `least`). */
export function useSteadyRows(rows: number, least = 1): { "--rows": number } {
  const most = useRef(least);
  most.current = Math.max(most.current, rows);
  return { "--rows": most.current };
}

/**
 * Keeps an element as high as it has ever been at its present width, for text whose lines can't be counted beforehand.
 */
export function useSteadyHeight<E extends HTMLElement>(): RefObject<E> {
  const ref = useRef<E>(null);
  const most = useRef({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const { width } = element.getBoundingClientRect();
    if (width !== most.current.width) {
      most.current = { width, height: 0 };
      element.style.minHeight = "";
    }
    const { height } = element.getBoundingClientRect();
    if (height <= most.current.height) return;
    most.current.height = height;
    element.style.minHeight = `${height}px`;
  });
  return ref;
}
