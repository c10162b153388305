import type { Notice } from '../customer/letter.ts'
import type { Invoice, InvoiceChange } from './invoice.ts'
import type { WriteOutcome } from '../subscription/repository.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** Everything that one reading of a bill writes, in one transaction. */
export type InvoiceWrite = {
  readonly before: Invoice | undefined
  /** Its `observedSeq` is one after `before`'s. */
  readonly after: Invoice
  /** The subscription that it belongs to, as its timeline shows it. */
  readonly subscription: Subscription
  readonly at: Date
  readonly changes: readonly InvoiceChange[]
  readonly notices: readonly Notice[]
  /** Ids of the Stripe events that told of it: they are done when it commits. */
  readonly eventIds: readonly string[]
  /** As of a subscription's step. */
  readonly traceparent?: string | null
}

export type InvoicePage = { readonly limit: number; readonly after: string | undefined }

export type InvoiceRepository = {
  readonly find: (id: string) => Promise<Invoice | undefined>
  /** `superseded`: another reading was written in between, so Stripe has to be read again. */
  readonly save: (write: InvoiceWrite) => Promise<WriteOutcome>
  /** The bills of a user, the newest first; drafts are nobody's business yet. `after` is the id of a bill. */
  readonly listOfUser: (userId: string, page: InvoicePage) => Promise<Invoice[]>
}
