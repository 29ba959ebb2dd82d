/** The steps that tests make their small tours of, in YAML. */

/** A step of a test's tour, titled as its id; `more` has the rest of its fields. */
export const step = (id: string, more: string): string => `- id: ${id}\n  title: ${id}\n${more.replace(/^/gm, "  ")}\n`;

/** Runs CPU0 on to the else branch of switch_mm(): it comes back from being lazy. */
export const toElse =
  'run: { cpu: 0, to: { fn: switch_mm, stmt: "percpu_write(cpu_tlbstate.state, TLBSTATE_OK)", in: else } }';

/** Runs CPU0 until it is lazy, with A:page0 in its TLB. */
export const lazy =
  `from: start\nmachine:\n  - fill: { cpu: 0, page: A:page0 }\n  - run: { cpu: 0, until: action }\nwords: "CPU0 ` +
  `says \${cpu0: cpu_tlbstate.state}."`;
