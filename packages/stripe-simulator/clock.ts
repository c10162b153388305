/** The simulator's time source: a real clock, or one that a test sets. */
export type Clock = { readonly now: () => Date }
