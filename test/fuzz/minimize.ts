/** Makes a failing text smaller: lines first, then pieces of lines (delta debugging, Zeller 2002). */

/** The smallest text found within `ms` that `fails` still says yes to. */
export function minimizeText(text: string, fails: (text: string) => boolean, ms = 10_000): string {
  const until = performance.now() + ms;
  const byLines = smallest(text.split(/(?<=\n)/), fails, until);
  const tokens = byLines.match(/\s+|\w+|[^\w\s]/g) ?? [];
  return tokens.length > 3000 ? byLines : smallest(tokens, fails, until);
}

/** The same for a list whose order stays. */
export function minimizeList<T>(list: readonly T[], fails: (list: T[]) => boolean, ms = 10_000): T[] {
  return reduce([...list], fails, performance.now() + ms);
}

const smallest = (pieces: string[], fails: (text: string) => boolean, until: number): string =>
  reduce(pieces, (list) => fails(list.join("")), until).join("");

function reduce<T>(list: T[], fails: (list: T[]) => boolean, until: number): T[] {
  for (let chunk = Math.ceil(list.length / 2); chunk >= 1;) {
    let shrunk = false;
    for (let at = 0; at < list.length && performance.now() < until;) {
      const without = [...list.slice(0, at), ...list.slice(at + chunk)];
      if (without.length < list.length && fails(without)) {
        list = without;
        shrunk = true;
      } else at += chunk;
    }
    if (performance.now() >= until) break;
    if (!shrunk || chunk > list.length) chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2);
  }
  return list;
}
