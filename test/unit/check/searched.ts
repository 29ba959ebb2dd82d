/** Searches of tests, to their end. */
import { Search } from "../../../src/check/search/search";
import type { Machine } from "../../../src/machine/machine";

/** A search that is over: with or without partial-order reduction, with or without symmetry reduction. */
export const searched = (m: Machine, reduce: boolean, symmetry = false): Search => {
  const s = new Search(m, { reduce, symmetry });
  s.run();
  return s;
};
