import { readAddons } from '../domain/subscription/addons.ts'
import {
  changesOfInvoice,
  isOfRenewal,
  applyInvoiceSnapshot,
  type InvoiceChange,
  type Invoice,
} from '../domain/invoice/invoice.ts'
import { lettersOfInvoice } from '../domain/customer/invoice-letter.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { InvoiceSnapshot } from '../domain/stripe/snapshot.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import { planAmong } from '../adapters/stripe/reading/plan-item.ts'
import type { ReadInvoice, StripeInvoices } from '../adapters/stripe/reading/invoices.ts'

/** Processes that mirror one invoice at the same time make each other read again. More often than this is a bug. */
const READINGS_MAX = 5

/** The parts that mirroring an invoice uses. */
export type MirrorParts = {
  readonly repositories: Pick<Repositories, 'invoices' | 'plans' | 'subscriptions'>
  readonly stripeInvoices: Pick<StripeInvoices, 'readInvoice' | 'findInvoiceOfPayment'>
}

/** The invoice to read from Stripe. */
export type MirrorRequest = {
  readonly invoiceId: string
  /** Whether to read refunds and disputes too, with two more requests a payment. */
  readonly moneyBack: boolean
  readonly at: Date
  /** @returns the ids of the events that are done when this invoice is committed */
  readonly finishedEvents: (mirrored: MirroredInvoice) => readonly string[]
}

/** An invoice as it is stored now, and its subscription. */
export type MirroredInvoice = { readonly invoice: Invoice; readonly subscription: Subscription }

/** Whether the invoice is stored here now. */
export type MirrorOutcome =
  | ({ readonly kind: 'mirrored'; readonly changes: readonly InvoiceChange[] } & MirroredInvoice)
  /** Its subscription is not known here, or not yet. */
  | { readonly kind: 'unknown' }
  /** It is not for a subscription, or does not exist. */
  | { readonly kind: 'foreign' }

/**
 * Reads an invoice at Stripe and writes what it says: mirror, timeline and letters, in one transaction. This happens outside the
 * subscription's workflow. Our row is read before Stripe. If another process writes the row in between, this reads both again,
 * so an older reading never wins. Running it twice reads again and changes nothing more.
 *
 * @throws when Stripe or the database does not answer
 */
export async function mirrorInvoice(
  { repositories, stripeInvoices }: MirrorParts,
  request: MirrorRequest,
): Promise<MirrorOutcome> {
  const { invoices, plans, subscriptions } = repositories
  const { invoiceId, at } = request
  for (let reading = 1; reading <= READINGS_MAX; reading++) {
    const before = await invoices.find(invoiceId)
    const isContested = before !== undefined && hasMoneyBack(before)
    const read = await stripeInvoices.readInvoice(invoiceId, {
      moneyBack: request.moneyBack || isContested,
    })
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
    // After a plan change, the invoice may arrive before the subscription's new plan is stored.
    const billed = isOfRenewal(after) && read ? await planAmong(plans, read.priceIds) : undefined
    const plan = billed?.plan ?? (await plans.getVersion(subscription.planVersionId))
    const { pendingChange } = subscription
    const pendingPlan = pendingChange
      ? await plans.getVersion(pendingChange.planVersionId)
      : undefined
    const around = {
      plan,
      pendingPlan,
      addons: await readAddons(plans, subscription.addons),
      pendingAddons: await readAddons(plans, pendingChange?.addons ?? []),
    }
    const changes = changesOfInvoice(before, after, subscription)
    const outcome = await invoices.save({
      before,
      after,
      subscription,
      at,
      changes,
      letters: lettersOfInvoice({ before, after }, subscription, around, at),
      eventIds: request.finishedEvents({ invoice: after, subscription }),
    })
    if (outcome === 'saved') return { kind: 'mirrored', invoice: after, subscription, changes }
  }
  throw new Error(
    `${invoiceId} was written by other processes ${READINGS_MAX} times while it was read`,
  )
}

const hasMoneyBack = ({ refundedMinor, disputeStatus }: Invoice): boolean =>
  refundedMinor > 0 || disputeStatus !== null

/** @returns `none` for an invoice without a subscription, even if its customer has one */
async function subscriptionOf(
  subscriptions: Repositories['subscriptions'],
  { ids }: ReadInvoice,
): Promise<Subscription | undefined | 'none'> {
  if (ids.stripeSubscriptionId === null && ids.subscriptionId === null) return 'none'
  return subscriptions.findByStripeIds({ ...ids, customerId: null })
}

/** Stripe deletes only drafts. Everything else about the invoice stays. @see https://docs.stripe.com/api/invoices/delete */
const deleted = (before: Invoice): InvoiceSnapshot => ({
  ...before,
  status: 'deleted',
  nextPaymentAttempt: null,
  moneyBack: null,
})
