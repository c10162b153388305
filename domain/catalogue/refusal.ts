import type { CatalogueRefusal, Refused } from './catalogue.ts'
import type { FieldProblem } from './field-problem.ts'

/** The outcome of a change: what is stored now, or why nothing was. */
export type Saved<T> = { readonly kind: 'saved'; readonly saved: T } | Refused

/** A refusal for one reason. `detail` is a sentence; `errors` name the fields. */
export const refuse = (
  because: CatalogueRefusal,
  detail: string,
  errors?: readonly FieldProblem[],
): Refused => ({ kind: 'refused', because, detail, ...(errors && { errors }) })

/** The answer to a change that was stored. */
export const saved = <T>(value: T) => ({ kind: 'saved' as const, saved: value })
