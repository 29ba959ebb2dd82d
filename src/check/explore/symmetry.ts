/**
 * Symmetry reduction: states that are permutations of each other's interchangeable CPUs (with their tasks, mms and
 * pages) count as one. That the code treats these CPUs alike is not assumed but proved during the search, by induction:
 * every permutation maps the initial state to itself, and each transition is compared with that of the permuted state,
 * which says which numbered part is the image of which. A part with two images, or a move that the permuted state
 * doesn't have, refutes the symmetry, and the search begins again without it.
 */
import { t } from "@vscode/l10n";
import type { Permutation } from "./permutations";

export class Symmetry {
  /** How many permutations there are, the first of which is the identity. */
  readonly size: number;
  /** Why these CPUs are not alike, once that is known. */
  refuted: string | undefined;
  /** `product[g * size + h]`: the permutation that is `h`, then `g`. */
  private readonly product: Int32Array;
  /** For each CPU and, last, for the shared part: `size` images of each part by its number, or -1. */
  private readonly imageOf: Int32Array[];
  private readonly image: Int32Array;
  private readonly best: Int32Array;

  constructor(
    readonly permutations: readonly Permutation[],
    private readonly cpus: number,
  ) {
    this.size = permutations.length;
    const named = new Map(permutations.map((e, i) => [e.cpu.join(), i]));
    this.product = Int32Array.from({ length: this.size ** 2 }, (_, i) => {
      const g = permutations[Math.floor(i / this.size)],
        h = permutations[i % this.size];
      return named.get(h.cpu.map((c) => g.cpu[c]).join()) ?? -1;
    });
    this.imageOf = Array.from({ length: cpus + 1 }, () => new Int32Array(64 * this.size).fill(-1));
    this.image = new Int32Array(cpus + 1);
    this.best = new Int32Array(cpus + 1);
  }

  /** The CPU that CPU `c`'s part goes to by permutation `g`; the shared part (index `cpus`) stays where it is. */
  private place(g: number, c: number): number {
    return c === this.cpus ? c : this.permutations[g].cpu[c];
  }

  /** Notes that `images[g]` is the image by permutation `g` of part `images[0]` of CPU `c`, or of the shared part. */
  relate(c: number, images: readonly number[]): void {
    for (let h = 0; h < this.size; h++) {
      const list = this.table(this.place(h, c), images[h]);
      for (let g = 0; g < this.size; g++) {
        const at = images[h] * this.size + g,
          image = images[this.product[g * this.size + h]];
        if (list[at] >= 0 && list[at] !== image) this.refuted ??= t("what one of them does depends on its number");
        list[at] = image;
      }
    }
  }

  private table(c: number, part: number): Int32Array {
    if ((part + 1) * this.size > this.imageOf[c].length) {
      const wider = new Int32Array(2 * (part + 1) * this.size).fill(-1);
      wider.set(this.imageOf[c]);
      this.imageOf[c] = wider;
    }
    return this.imageOf[c];
  }

  /** Writes the image of a key by permutation `g` into `into`. False when the image of some part isn't known. */
  permute(key: Int32Array, g: number, into: Int32Array): boolean {
    let known = true;
    for (let c = 0; c <= this.cpus; c++) {
      const image = this.imageOf[c][key[c] * this.size + g] ?? -1;
      into[this.place(g, c)] = image;
      known &&= image >= 0;
    }
    return known;
  }

  /** Replaces the key at `at` by its representative: the first of its images in lexicographic order. */
  canonical(keys: Int32Array, at: number): void {
    const { image, best } = this;
    const key = keys.subarray(at, at + this.cpus + 1);
    best.set(key);
    for (let g = 1; g < this.size; g++) {
      if (!this.permute(key, g, image)) {
        this.refuted ??= t("a state was reached whose exchange is not known");
        return;
      }
      for (let k = 0; k <= this.cpus; k++) {
        if (image[k] === best[k]) continue;
        if (image[k] < best[k]) best.set(image);
        break;
      }
    }
    key.set(best);
  }
}
