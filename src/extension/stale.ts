/** Which documents no longer hold the text that something was worked out from. */

/** Notes whether a document differs now. Gives false where that is known already. */
export function noteDiffers(stale: Set<string>, uri: string, differs: boolean): boolean {
  if (differs === stale.has(uri)) return false;
  if (differs) stale.add(uri);
  else stale.delete(uri);
  return true;
}
