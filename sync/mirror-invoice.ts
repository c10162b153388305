import {
  changesOfInvoice,
  isOfRenewal,
  applyInvoiceSnapshot,
  type InvoiceChange,
  type Invoice,
} from '../domain/invoice/invoice.ts'
import { noticesOfInvoice } from '../domain/customer/letter.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { InvoiceSnapshot } from '../domain/stripe/snapshot.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import type { ReadInvoice, StripeInvoices } from '../adapters/stripe/reading/invoices.ts'

/** Two processes that read one bill at once take turns; more than this is no coincidence. */
const READINGS_MAX = 5

export type InvoiceMirroring = {
  readonly repositories: Pick<Repositories, 'invoices' | 'plans' | 'subscriptions'>
  readonly bills: StripeInvoices
}

export type MirrorRequest = {
  readonly invoiceId: string
  /** Whether to ask what went back to the card: that takes two requests more. */
  readonly moneyBack: boolean
  readonly at: Date
  /** Which of the Stripe events that told of the bill are done with this booking. */
  readonly done: (bill: MirroredInvoice) => readonly string[]
}

/** A bill as it is mirrored now, and whose it is. */
export type MirroredInvoice = { readonly invoice: Invoice; readonly subscription: Subscription }

export type MirrorOutcome =
  | ({ readonly kind: 'booked'; readonly changes: readonly InvoiceChange[] } & MirroredInvoice)
  /** The bill is of no subscription that is known here, or not yet. */
  | { readonly kind: 'unknown' }
  /** A bill that has nothing to do with a subscription, or one that never was. */
  | { readonly kind: 'foreign' }

/**
 * Takes over what Stripe says of a bill, beside the subscription's workflow: mirror, timeline and notices in one
 * transaction. The mirror is read before Stripe is, and a write in between makes this one void, so that no older reading
 * wins. Running it twice reads again, and finds nothing left to tell.
 *
 * @throws when Stripe or the database does not answer.
 */
export async function mirrorInvoice(
  { repositories, bills }: InvoiceMirroring,
  request: MirrorRequest,
): Promise<MirrorOutcome> {
  const { invoices, plans, subscriptions } = repositories
  const { invoiceId, at } = request
  for (let reading = 1; reading <= READINGS_MAX; reading++) {
    const before = await invoices.find(invoiceId)
    const isContested = before !== undefined && hasMoneyBack(before)
    const read = await bills.readInvoice(invoiceId, { moneyBack: request.moneyBack || isContested })
    const subscription =
      before === undefined
        ? read && (await subscriptionOf(subscriptions, read))
        : await subscriptions.find(before.subscriptionId)
    if (subscription === 'none' || (read === undefined && before === undefined))
      return { kind: 'foreign' }
    if (subscription === undefined) return { kind: 'unknown' }
    const snapshot = read?.snapshot ?? (before && deleted(before))
    if (snapshot === undefined) return { kind: 'foreign' }

    const after = applyInvoiceSnapshot(before, snapshot, subscription.id)
    // A bill may be ahead of its subscription, when both change at once and are told together.
    const billed =
      isOfRenewal(after) && read?.priceId ? await plans.findByStripePrice(read.priceId) : undefined
    const plan = billed ?? (await plans.getVersion(subscription.planVersionId))
    const changes = changesOfInvoice(before, after)
    const outcome = await invoices.save({
      before,
      after,
      subscription,
      at,
      changes,
      notices: noticesOfInvoice(after, subscription, plan, at),
      eventIds: request.done({ invoice: after, subscription }),
    })
    if (outcome === 'saved') return { kind: 'booked', invoice: after, subscription, changes }
  }
  throw new Error(`${invoiceId} was written by others ${READINGS_MAX} times while it was read`)
}

const hasMoneyBack = ({ refundedMinor, disputeStatus }: Invoice): boolean =>
  refundedMinor > 0 || disputeStatus !== null

/** `none` for a bill that was not made for a subscription: its customer may have one all the same. */
async function subscriptionOf(
  subscriptions: Repositories['subscriptions'],
  { ids }: ReadInvoice,
): Promise<Subscription | undefined | 'none'> {
  if (ids.stripeSubscriptionId === null && ids.subscriptionId === null) return 'none'
  return subscriptions.findByStripeIds({ ...ids, customerId: null })
}

/** Only a draft can be deleted: nothing but its being there changes. */
const deleted = (before: Invoice): InvoiceSnapshot => ({
  ...before,
  status: 'deleted',
  nextPaymentAttempt: null,
  moneyBack: null,
})
