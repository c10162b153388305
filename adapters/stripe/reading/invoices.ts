import type Stripe from 'stripe'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import type { InvoiceSnapshot, MoneyBack } from '../../../domain/stripe/snapshot.ts'
import { classifyStripeError } from '../sdk/errors.ts'
import { objectIdsOf } from '../events/events.ts'
import { collectionOf, idOf, priceOfInvoice, snapshotOfInvoice } from './snapshot.ts'

/** A bill as Stripe has it now, and what it says of where it belongs. */
export type ReadInvoice = {
  readonly snapshot: InvoiceSnapshot
  readonly ids: StripeObjectIds
  /** The price of the time that is paid for. */
  readonly priceId: string | null
}

/** All that we ask of Stripe about bills. Reads alone, but for the portal's session, which no two calls share. */
export type StripeInvoices = {
  /** Undefined when there is no such bill: a draft that was deleted. */
  readonly readInvoice: (
    id: string,
    asks: { readonly moneyBack: boolean },
  ) => Promise<ReadInvoice | undefined>
  /** The bill that a payment was for; undefined when it was for none. */
  readonly findInvoiceOfPayment: (paymentIntentId: string) => Promise<string | undefined>
  /** A link to Stripe's portal that works for some minutes. Running it twice answers two links. */
  readonly openPortal: (customerId: string, returnUrl: string) => Promise<string>
}

/** A bill is paid by one payment, seldom by some; one with more shows what the first of them say. */
const PAYMENTS_MAX = 10
/** What went back in more than this many refunds is not summed up. */
const REFUNDS_MAX = 100

export function createStripeInvoices(stripe: Stripe): StripeInvoices {
  return {
    async readInvoice(id, { moneyBack }) {
      const invoice = await orMissing(() =>
        stripe.invoices.retrieve(id, { expand: ['payments.data.payment.payment_intent'] }),
      )
      if (invoice === undefined) return undefined
      const intents = (invoice.payments?.data ?? [])
        .slice(0, PAYMENTS_MAX)
        .map(({ payment }) => payment.payment_intent)
        .filter((intent) => intent !== undefined)
      const wholeIntents = intents.filter((intent) => typeof intent !== 'string')
      const snapshot = snapshotOfInvoice(invoice, {
        collection: collectionOf(invoice, wholeIntents),
        moneyBack: moneyBack ? await readMoneyBack(stripe, intents) : null,
      })
      return { snapshot, ids: objectIdsOf(invoice), priceId: priceOfInvoice(invoice) }
    },

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

/** A refund that did not get through is no money back. */
const FAILED = ['failed', 'canceled']

async function readMoneyBack(
  stripe: Stripe,
  intents: readonly (string | Stripe.PaymentIntent)[],
): Promise<MoneyBack> {
  const answers = await Promise.all(
    intents.map(async (intent) => {
      const payment_intent = typeof intent === 'string' ? intent : intent.id
      const [refunds, disputes] = await Promise.all([
        stripe.refunds.list({ payment_intent, limit: REFUNDS_MAX }),
        stripe.disputes.list({ payment_intent, limit: 1 }),
      ])
      const refunded = refunds.data
        .filter(({ status }) => !FAILED.includes(status ?? ''))
        .reduce((sum, { amount }) => sum + amount, 0)
      return { refunded, dispute: disputes.data[0]?.status ?? null }
    }),
  )
  return {
    refundedMinor: answers.reduce((sum, { refunded }) => sum + refunded, 0),
    disputeStatus: answers.map(({ dispute }) => dispute).find((status) => status !== null) ?? null,
  }
}

async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return undefined
    throw error
  }
}
