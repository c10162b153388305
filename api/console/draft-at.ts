import type { Form } from '../web/form.ts'
import type { FieldErrors } from './usage-price-form.ts'

/** The form of a draft, and which of the forms on the page it is. */
export type DraftAt = {
  readonly of: string
  readonly form: Form
  readonly errors: FieldErrors
  readonly focus: string | undefined
}
