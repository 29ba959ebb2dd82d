/** "Did you mean …?" */

/** Edits (insert, delete, replace, swap two neighbours) that turn a into b: optimal string alignment distance. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

/**
 * The known word that was most likely meant, if one is near: few edits away, or begun by what is written. Of two as
 * near, the one that begins alike. Upper and lower case count as the same.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { word: string; edits: number; start: number } | undefined;
  for (const candidate of known) {
    const [a, b] = [word.toLowerCase(), candidate.toLowerCase()];
    const [n, start] = [edits(a, b), commonStart(a, b)];
    const near = (n <= limit && n < Math.max(a.length, b.length)) || (a.length > 1 && start === a.length);
    if (near && (!best || n < best.edits || (n === best.edits && start > best.start)))
      best = { word: candidate, edits: n, start };
  }
  return best?.word;
}

/** What to do about an unknown word: the nearest known one, or all that there are. */
export function didYouMean(word: string, known: readonly string[], none: string): string {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length ? `Known: ${known.join(", ")}.` : none;
}
