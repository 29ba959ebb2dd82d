/**
 * How a property stands. "holds" only when every interleaving was searched; "never reached" when it holds vacuously,
 * because nothing that it speaks of ever happened; "unknown" when the search ended early and found no violation, or
 * when the answer rests on something that isn't known.
 */
export type Standing = "holds" | "fails" | "never reached" | "unknown";
