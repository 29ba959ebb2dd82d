/** What a run may rest on and nobody knows. */
import type { Span } from "./syntax/source";

/**
 * Something that the files don't tell, or that can't be modelled, and that a run may rest on. Where a run comes to it,
 * an instruction `unknown` stands in the code; a verdict that rests on one is "can't say".
 */
export interface Unknown {
  kind: UnknownKind;
  /** The name, file or text that it is about, as the reader would look for it. */
  name: string;
  /** What isn't known, what happens instead, and what would settle it: a sentence or two. */
  message: string;
  /** Where it stands; undefined when it is about a whole file or tree. */
  span?: Span;
  /** Every run of the program rests on it, wherever it goes. */
  always?: boolean;
}

/**
 * `name`: nothing defines it. `field`: the structure is declared and has no such field, or isn't declared. `text`: the
 * C reader can't account for it. `c`: C that the machine doesn't have. `number`: wider than the machine's numbers.
 * `stand-in`: the edition's function in place of the tree's. `tree`: a file that is missing or cut off, or a kernel out
 * of the range that is modelled.
 */
export type UnknownKind = "name" | "field" | "text" | "c" | "number" | "stand-in" | "tree";
