/** Where the simulator takes the present from: a real clock, or one that a test moves. */
export type Clock = { readonly now: () => Date }
