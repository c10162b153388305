/** An invalid field, and how to fix it. */
export type FieldProblem = { readonly field: string; readonly detail: string }
