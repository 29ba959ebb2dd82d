/** Something that the reader has to put right before a job can be done: what, where, and what to do. */
export class Refused extends Error {}
