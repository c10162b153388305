import type Stripe from 'stripe'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import type { InvoiceSnapshot, MoneyBack } from '../../../domain/stripe/snapshot.ts'
import { objectIdsOf } from '../events/events.ts'
import { findAtStripe } from '../sdk/errors.ts'
import { PAGE_MAX } from '../sdk/listing.ts'
import { idOf } from './ids.ts'
import { readReturns, type InvoiceLine, type Returns } from './money-of-invoice.ts'
import { fromStripeTime } from '../sdk/time.ts'
import { collectionOf, pricesOfInvoice, snapshotOfInvoice } from './snapshot.ts'

/** The current state of an invoice, and the ids of what it belongs to. */
export type ReadInvoice = {
  readonly snapshot: InvoiceSnapshot
  readonly ids: StripeObjectIds
  /** The prices of the latest period on it. */
  readonly priceIds: readonly string[]
}

/** Every request about invoices that we send to Stripe. All are reads except `openPortal`. */
export type StripeInvoices = {
  /** @returns undefined for a deleted draft. `moneyBack` also reads refunds and disputes: two more requests a payment. */
  readonly readInvoice: (
    id: string,
    options: { readonly moneyBack: boolean },
  ) => Promise<ReadInvoice | undefined>
  /** @returns its lines, in Stripe's order; undefined for an invoice that Stripe does not have */
  readonly readLines: (id: string) => Promise<readonly InvoiceLine[] | undefined>
  /** @returns its payments, refunds and credits; undefined for an invoice that Stripe does not have */
  readonly readReturns: (id: string) => Promise<Returns | undefined>
  /** @returns the id of the invoice that a payment was for; undefined for a payment without an invoice */
  readonly findInvoiceOfPayment: (paymentIntentId: string) => Promise<string | undefined>
  /**
   * Opens Stripe's customer portal: the link works for some minutes. Running it twice returns two links.
   * @see https://docs.stripe.com/customer-management
   */
  readonly openPortal: (customerId: string, returnUrl: string) => Promise<string>
}

/** Most invoices have one payment. Of an invoice with more than this, only the first ones are read. */
const PAYMENTS_MAX = 10
/** Only the newest refunds of a payment, up to this number, are added up. */
const REFUNDS_MAX = 100

/**
 * Reads invoices with all their lines, and what was paid and returned.
 *
 * @see https://docs.stripe.com/api/invoices/object
 */
export function createStripeInvoices(stripe: Stripe): StripeInvoices {
  return {
    async readInvoice(id, { moneyBack }) {
      const found = await findAtStripe(() =>
        stripe.invoices.retrieve(id, { expand: ['payments.data.payment.payment_intent'] }),
      )
      if (found === undefined) return undefined
      const invoice = await withAllLines(stripe, found)
      const intents = (invoice.payments?.data ?? [])
        .slice(0, PAYMENTS_MAX)
        .map(({ payment }) => payment.payment_intent)
        .filter((intent) => intent !== undefined)
      const expandedIntents = intents.filter((intent) => typeof intent !== 'string')
      const snapshot = snapshotOfInvoice(invoice, {
        collection: collectionOf(invoice, expandedIntents),
        moneyBack: moneyBack ? await readMoneyBack(stripe, intents) : null,
      })
      return { snapshot, ids: objectIdsOf(invoice), priceIds: pricesOfInvoice(invoice) }
    },

    async readLines(id) {
      const found = await findAtStripe(() => stripe.invoices.retrieve(id))
      if (found === undefined) return undefined
      const { lines } = await withAllLines(stripe, found)
      return lines.data.map(lineOf)
    },

    readReturns: (id) => readReturns(stripe, id),

    async findInvoiceOfPayment(paymentIntentId) {
      const { data } = await stripe.invoicePayments.list({
        payment: { type: 'payment_intent', payment_intent: paymentIntentId },
        limit: 1,
      })
      return idOf(data[0]?.invoice) ?? undefined
    },

    async openPortal(customerId, returnUrl) {
      const parameters = { customer: customerId, return_url: returnUrl }
      const session = await stripe.billingPortal.sessions.create(parameters)
      return session.url
    },
  }
}

const lineOf = (line: Stripe.InvoiceLineItem): InvoiceLine => ({
  description: line.description ?? '',
  amountMinor: line.amount,
  quantity: line.quantity,
  period: { start: fromStripeTime(line.period.start), end: fromStripeTime(line.period.end) },
})

/** Stripe embeds ten lines. The rest, at most this many, is read apart; Stripe allows 250 on an invoice. */
const LINES_MAX = 250

/** @see https://docs.stripe.com/api/invoice-line-item/retrieve */
async function withAllLines(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines.has_more) return invoice
  const data = await stripe.invoices
    .listLineItems(invoice.id, { limit: PAGE_MAX })
    .autoPagingToArray({ limit: LINES_MAX })
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } }
}

/** Refunds in these states returned no money. @see https://docs.stripe.com/api/refunds/object */
const FAILED_REFUND = ['failed', 'canceled']

async function readMoneyBack(
  stripe: Stripe,
  intents: readonly (string | Stripe.PaymentIntent)[],
): Promise<MoneyBack> {
  const readings = await Promise.all(
    intents.map(async (intent) => {
      const payment_intent = typeof intent === 'string' ? intent : intent.id
      const [refunds, disputes] = await Promise.all([
        stripe.refunds.list({ payment_intent, limit: REFUNDS_MAX }),
        stripe.disputes.list({ payment_intent, limit: 1 }),
      ])
      const refunded = refunds.data
        .filter(({ status }) => !FAILED_REFUND.includes(status ?? ''))
        .reduce((sum, { amount }) => sum + amount, 0)
      return { refunded, dispute: disputes.data[0]?.status ?? null }
    }),
  )
  return {
    refundedMinor: readings.reduce((sum, { refunded }) => sum + refunded, 0),
    disputeStatus: readings.map(({ dispute }) => dispute).find((status) => status !== null) ?? null,
  }
}
