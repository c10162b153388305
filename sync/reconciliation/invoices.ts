import type { Drift } from '../../domain/stripe/drift.ts'
import { objectIdsOf } from '../../adapters/stripe/events/events.ts'
import { lastIdOf, PAGE_MAX, pageAfter } from '../../adapters/stripe/sdk/listing.ts'
import type { ReadPage } from './page.ts'

/** Compares the invoices that are open here with Stripe. */
export const compareInvoicesHere: ReadPage = async (parts, { after }) => {
  const { invoices, reconciliations } = parts.repositories
  const page = await reconciliations.listOpenInvoices({ limit: PAGE_MAX, after })
  const drifts: Drift[] = []
  for (const id of page) {
    const here = await invoices.find(id)
    const read = await parts.stripeInvoices.readInvoice(id, { moneyBack: false })
    const status = read?.snapshot.status ?? 'deleted'
    if (here !== undefined && here.status !== status)
      drifts.push(differing(here.subscriptionId, id, [here.status, status]))
  }
  return { drifts, listed: 0, after: page.length === PAGE_MAX ? (page.at(-1) ?? null) : null }
}

/**
 * Checks that each invoice that is open at Stripe is mirrored here, if its subscription is known. A recovery checks all of them,
 * since the mirror of a paid one may be lost.
 */
export const compareInvoicesAtStripe: ReadPage = async (parts, { scope, after }) => {
  const { invoices, subscriptions } = parts.repositories
  const page = await parts.stripe.invoices.list({
    ...(scope !== 'recover' && { status: 'open' }),
    limit: PAGE_MAX,
    ...pageAfter(after),
  })
  const drifts: Drift[] = []
  for (const invoice of page.data) {
    const here = await invoices.find(invoice.id)
    // A draft can still change, and is mirrored once it is final.
    if (here?.status === invoice.status || invoice.status === 'draft') continue
    const ids = objectIdsOf(invoice)
    const isForSubscription = ids.stripeSubscriptionId !== null || ids.subscriptionId !== null
    const owner = isForSubscription
      ? await subscriptions.findByStripeIds({ ...ids, customerId: null })
      : undefined
    if (owner !== undefined)
      drifts.push(
        differing(owner.id, invoice.id, [here?.status ?? 'none', invoice.status ?? 'none']),
      )
  }
  return { drifts, listed: page.data.length, after: lastIdOf(page) }
}

const differing = (
  subscriptionId: string,
  stripeId: string,
  [here, there]: readonly [string, string],
): Drift => ({
  kind: 'bill_differs',
  subscriptionId,
  stripeId,
  detail: `here ${here}, at Stripe ${there}`,
})
