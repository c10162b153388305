/**
 * The source of the present instant outside of workflows. Always injected, so that tests and the embedded stack can move
 * time. A workflow uses its own deterministic `new Date()`.
 */
export type Clock = { readonly now: () => Date }
