/** What words, claims and questions are worked out on: a machine's trace at a state, and the source that it runs. */
import type { Machine, State } from "../../machine/machine";
import type { Trace } from "../../trace/trace";
import type { Found, Lost } from "../anchor/anchor";
import type { Anchor } from "../format/tour";

export interface StateContext {
  machine: Machine;
  /** Stands at the state. */
  trace: Trace;
  /** The CPU whose view is meant when none is named. */
  cpu: number;
  /** The state that "changed" compares with. */
  before: State;
  /** Where the step's own words stand, for `${line}`. */
  own?: Found;
  find(a: Anchor): Found | Lost;
}
