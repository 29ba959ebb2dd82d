/** The parts of the hardware that act on the state record, put together for one machine. */
import type { Layout } from "../layout";
import { Broadcasts } from "./broadcasts";
import { Clock } from "./clock";
import { StaleTranslations } from "./stale-translations";
import { StoreBuffers } from "./store-buffers";
import { Tlb } from "./tlb";

export class Hardware {
  readonly buffers: StoreBuffers;
  readonly stale: StaleTranslations;
  readonly tlb: Tlb;
  readonly broadcasts: Broadcasts;
  readonly clock: Clock;
  /** The first vector of the flush interrupts. */
  readonly vectorBase: number;

  constructor(readonly layout: Layout) {
    this.buffers = new StoreBuffers(layout);
    this.stale = new StaleTranslations(layout);
    this.tlb = new Tlb(layout, this.stale);
    this.broadcasts = new Broadcasts(layout, this.tlb);
    this.clock = new Clock(layout);
    this.vectorBase = layout.program.vectorBase;
  }
}
