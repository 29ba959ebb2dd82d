/**
 * Symmetry: states that differ only in which of several interchangeable CPUs (with their tasks, mms and pages) is where
 * count as one. That the code treats these CPUs alike is not assumed but proved on the way: beginning with the initial
 * state, which every exchange leaves as it is, each transition is compared with the one that the exchanged state makes,
 * and says which numbered part is exchanged for which. A part that would have two partners, or a move that the
 * exchanged
 * state hasn't, refutes the symmetry, and the search begins anew without it.
 */
import { t } from "@vscode/l10n";
import type { Exchange } from "./interchange";

export class Symmetry {
  /** Exchanges, the first of which changes nothing. */
  readonly size: number;
  /** Why these CPUs are not alike, once that is known. */
  refuted: string | undefined;
  /** `product[g * size + h]`: the exchange that is `h`, then `g`. */
  private readonly product: Int32Array;
  /** For each CPU and, last, for the shared part: `size` partners of each part, or -1. */
  private readonly partners: Int32Array[];
  private readonly image: Int32Array;
  private readonly best: Int32Array;

  constructor(
    readonly exchanges: readonly Exchange[],
    private readonly cpus: number,
  ) {
    this.size = exchanges.length;
    const named = new Map(exchanges.map((e, i) => [e.cpu.join(), i]));
    this.product = Int32Array.from({ length: this.size ** 2 }, (_, i) => {
      const g = exchanges[Math.floor(i / this.size)],
        h = exchanges[i % this.size];
      return named.get(h.cpu.map((c) => g.cpu[c]).join()) ?? -1;
    });
    this.partners = Array.from({ length: cpus + 1 }, () => new Int32Array(64 * this.size).fill(-1));
    this.image = new Int32Array(cpus + 1);
    this.best = new Int32Array(cpus + 1);
  }

  /** Where exchange `g` takes CPU `c`'s part; the shared part (index `cpus`) stays where it is. */
  private place(g: number, c: number): number {
    return c === this.cpus ? c : this.exchanges[g].cpu[c];
  }

  /** Says that exchange `g` makes `images[g]` of part `images[0]` of CPU `c` (or of the shared part). */
  relate(c: number, images: readonly number[]): void {
    for (let h = 0; h < this.size; h++) {
      const list = this.room(this.place(h, c), images[h]);
      for (let g = 0; g < this.size; g++) {
        const at = images[h] * this.size + g,
          partner = images[this.product[g * this.size + h]];
        if (list[at] >= 0 && list[at] !== partner) this.refuted ??= t("what one of them does depends on its number");
        list[at] = partner;
      }
    }
  }

  private room(c: number, part: number): Int32Array {
    if ((part + 1) * this.size > this.partners[c].length) {
      const wider = new Int32Array(2 * (part + 1) * this.size).fill(-1);
      wider.set(this.partners[c]);
      this.partners[c] = wider;
    }
    return this.partners[c];
  }

  /** Writes what exchange `g` makes of a key into `into`. False when some part's partner isn't known. */
  exchange(key: Int32Array, g: number, into: Int32Array): boolean {
    let known = true;
    for (let c = 0; c <= this.cpus; c++) {
      const partner = this.partners[c][key[c] * this.size + g] ?? -1;
      into[this.place(g, c)] = partner;
      known &&= partner >= 0;
    }
    return known;
  }

  /** Puts the first of all that exchanges make of the key at `at` in its place. */
  canonical(keys: Int32Array, at: number): void {
    const { image, best } = this;
    const key = keys.subarray(at, at + this.cpus + 1);
    best.set(key);
    for (let g = 1; g < this.size; g++) {
      if (!this.exchange(key, g, image)) {
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
