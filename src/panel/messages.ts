/**
 * Every message between the panel and the extension. Both sides import this file and no other knowledge of each other.
 */
import type { IpiView, MachineView, PropertyView, SourcePlace } from "../machine/view/view";

/** What the panel shows while a session runs. */
export interface PanelState {
  /** `lazy-return`, or a scenario file's own id. */
  scenario: string;
  /** The scenario's one-line description. */
  about: string;
  /** `Linux 2.6.37`, `built-in edition`. */
  kernel: string;
  /** Files of the built-in edition that stand in for missing ones; empty when none. */
  standIns: string[];
  /** What the shown history rests on and nobody knows: then what follows is a guess. */
  restsOn: { name: string; message: string; path?: string; line?: number; at: number }[];
  /** Options, CPU features and static keys that the source asked for, and how each stands in this session. */
  settings: { name: string; value: number; source: string }[];
  /** `SC` or `TSO`. */
  order: string;
  /** Index in the history that is shown (0 is the start) and the last index there is. */
  step: number;
  last: number;
  /** What the last step did, in one English sentence; at the start, what to do first. */
  sentence: string;
  /** Where the last step is in the source. */
  place?: SourcePlace;
  /** Names of what the last step changed, in words: `cpu_tlbstate.state of CPU0: LAZY → OK`. */
  changes: string[];
  view: MachineView;
  ipis: IpiView[];
  properties: PropertyView[];
  /** The CPU (debug thread) that the reader selected. */
  selectedCpu: number;
  /** Steps worth a tick on the scrubber: index, a word, and whether a property failed there. */
  marks: { at: number; label: string; failed: boolean }[];
  /** Other histories, kept when the reader forked: a label and their length. */
  branches: { id: number; label: string; length: number }[];
  /** The last few events, newest last, for the event list. */
  events: { at: number; cpu: number; text: string; place?: SourcePlace }[];
  /** Set when the last request could not be done, with what to do instead. */
  notice?: string;
}

/** From the extension to the panel. */
export type ToPanel =
  | { type: "state"; state: PanelState }
  /** No session runs: what to show instead is the panel's own. */
  | { type: "idle" }
  /** To be said aloud by a screen reader, and shown nowhere: what stands beside the source as a tour's words. */
  | { type: "say"; text: string };

/** From the panel to the extension. */
export type FromPanel =
  | { type: "ready" }
  | { type: "selectCpu"; cpu: number }
  /** Run exactly this move (an IPI's `deliver`). */
  | { type: "move"; move: number }
  | { type: "goto"; step: number }
  | { type: "stepBack" }
  | { type: "stepForward" }
  /**
   * Open the source where this cell was last written before the shown step; with `bit`, where that CPU's bit of the
   * mask was.
   */
  | { type: "lastWrite"; cell: number; bit?: number }
  | { type: "openPlace"; place: SourcePlace }
  | { type: "branch"; id: number }
  /** Start what the idle panel offers. */
  | {
      type: "command";
      command: "tlbscope.openEdition" | "tlbscope.simulate" | "tlbscope.openWalkthrough" | "tlbscope.widePanel";
    };
