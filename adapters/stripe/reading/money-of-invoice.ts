import type Stripe from 'stripe'
import type { MoneyOfInvoice } from '../../../domain/invoice/money-return.ts'
import { findAtStripe } from '../sdk/errors.ts'
import { METADATA_COMMAND } from '../sdk/metadata.ts'
import { idOf } from './ids.ts'

/** Only the newest refunds and credit notes, up to this number, are read; Stripe's largest page. */
const RETURNS_MAX = 100
/** Refunds in these states returned no money. @see https://docs.stripe.com/api/refunds/object */
const FAILED_REFUND = ['failed', 'canceled']

/** A line of an invoice, in minor units; negative for a credit. */
export type InvoiceLine = {
  readonly description: string
  readonly amountMinor: number
  readonly quantity: number | null
  readonly period: { readonly start: Date; readonly end: Date }
}

/** Refunds and credits of an invoice so far. */
export type Returns = MoneyOfInvoice & {
  /** Counts them, also those that failed. */
  readonly count: number
  /** The commands of ours among them, by the name that they wrote. */
  readonly commands: ReadonlySet<string>
}

/** @returns undefined for an invoice that Stripe does not have */
export async function readReturns(stripe: Stripe, invoiceId: string): Promise<Returns | undefined> {
  const invoice = await findAtStripe(() =>
    stripe.invoices.retrieve(invoiceId, { expand: ['payments.data.payment.payment_intent'] }),
  )
  if (invoice === undefined) return undefined
  const [notes, payments] = await Promise.all([
    stripe.creditNotes.list({ invoice: invoiceId, limit: RETURNS_MAX }),
    Promise.all((invoice.payments?.data ?? []).map((each) => readPayment(stripe, each))),
  ])
  const paid = payments.filter((each) => each !== undefined)
  const issued = notes.data.filter(({ status }) => status === 'issued')
  const marked = [...notes.data, ...paid.flatMap(({ refunds }) => refunds)]
  return {
    currency: invoice.currency,
    paidMinor: invoice.amount_paid,
    payments: paid,
    creditedMinor: issued.reduce((sum, note) => sum + creditedBy(note), 0),
    count: marked.length,
    commands: new Set(
      marked
        .map(({ metadata }) => metadata?.[METADATA_COMMAND])
        .filter((each) => each !== undefined),
    ),
  }
}

/** A credit note may also have refunded: that part is counted with the payment. */
const creditedBy = ({ post_payment_amount: amount, refunds }: Stripe.CreditNote): number =>
  amount - refunds.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0)

async function readPayment(stripe: Stripe, { status, payment }: Stripe.InvoicePayment) {
  const id = idOf(payment.payment_intent)
  if (status !== 'paid' || id === null) return undefined
  const { payment_intent: intent } = payment
  const { data: refunds } = await stripe.refunds.list({ payment_intent: id, limit: RETURNS_MAX })
  return {
    id,
    amountMinor: typeof intent === 'object' ? intent.amount_received : 0,
    refundedMinor: refunds
      .filter((each) => !FAILED_REFUND.includes(each.status ?? ''))
      .reduce((sum, { amount }) => sum + amount, 0),
    refunds,
  }
}
