/**
 * How a property stands. "holds" only when every interleaving was looked at; "never reached" when it holds because
 * nothing that it speaks of ever happened; "unknown" when the search ended early and found nothing against it.
 */
export type Standing = "holds" | "fails" | "never reached" | "unknown";
