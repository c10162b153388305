import type { Letter } from '../customer/letter.ts'
import type { Invoice, InvoiceChange } from './invoice.ts'
import type { WriteOutcome } from '../subscription/repository.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** Everything that mirroring an invoice writes, in one transaction. */
export type InvoiceWrite = {
  readonly before: Invoice | undefined
  /** Its `observedSeq` is one more than that of `before`. */
  readonly after: Invoice
  /** The invoice's subscription, for the timeline entries. */
  readonly subscription: Subscription
  readonly at: Date
  readonly changes: readonly InvoiceChange[]
  readonly letters: readonly Letter[]
  /** Ids of the Stripe events that this write marks as done. */
  readonly eventIds: readonly string[]
  /** W3C trace context, continued by the webhooks of this write. */
  readonly traceparent?: string | null
}

/** One page of a user’s invoices, newest first. */
export type InvoicePage = { readonly limit: number; readonly after: string | undefined }

/** Mirrored invoices. */
export type InvoiceRepository = {
  readonly find: (id: string) => Promise<Invoice | undefined>
  /** `superseded`: another write came first, so Stripe has to be read again. */
  readonly save: (write: InvoiceWrite) => Promise<WriteOutcome>
  /** A user's invoices without drafts, newest first. `after` is the last invoice id of the page before. */
  readonly listOfUser: (userId: string, page: InvoicePage) => Promise<Invoice[]>
}
