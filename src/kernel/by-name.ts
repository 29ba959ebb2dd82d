/** Tables that are asked for whatever name a source or a reader writes. */

/**
 * The same entries without the names that every object inherits: `constructor` and `toString` are names like others,
 * and this table doesn't have them.
 */
export const byName = <T>(entries: Record<string, T>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, entries);
