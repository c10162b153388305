/**
 * Where an instant comes from outside of workflows. Always injected, so that tests and the embedded
 * stack can move time; a workflow uses its own deterministic `new Date()` and passes it on.
 */
export type Clock = { readonly now: () => Date }
