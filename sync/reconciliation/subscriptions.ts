import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import { findAtStripe } from '../../adapters/stripe/sdk/errors.ts'
import { lastIdOf, PAGE_MAX, pageAfter } from '../../adapters/stripe/sdk/listing.ts'
import { compareSubscription } from './comparison.ts'
import type { Page, ReadPage, ReconcileParts } from './page.ts'

/** The fields that `compareSubscription` needs expanded. */
const EXPANDED = ['customer', 'schedule', 'latest_invoice', 'discounts']

/** Compares the subscriptions in Stripe's list. `status: all` includes canceled ones, which the list otherwise leaves out. */
export const compareSubscriptionsAtStripe: ReadPage = async (parts, { runId, after }, at) => {
  const page = await parts.stripe.subscriptions.list({
    status: 'all',
    limit: PAGE_MAX,
    expand: EXPANDED.map((name) => `data.${name}`),
    ...pageAfter(after),
  })
  await parts.repositories.reconciliations.see(
    runId,
    page.data.map(({ id }) => id),
  )
  const drifts: Drift[] = []
  for (const there of page.data) drifts.push(...asList(await compareSubscription(parts, there, at)))
  return { drifts, listed: page.data.length, after: lastIdOf(page) }
}

/** Checks the live subscriptions here: those that Stripe did not list, and those without a running workflow. */
export const compareSubscriptionsHere: ReadPage = async (
  parts,
  { runId, after },
  at,
): Promise<Page> => {
  const page = await parts.repositories.reconciliations.listLive(runId, { limit: PAGE_MAX, after })
  const drifts: Drift[] = []
  for (const { subscription, isSeen } of page) {
    const { id, stripeSubscriptionId: stripeId, status } = subscription
    const unlisted =
      isSeen === false && stripeId !== null
        ? await compareUnlisted(parts, { id, stripeId }, at)
        : null
    if (unlisted !== null) drifts.push(unlisted)
    else if (!(await parts.workflows.isRunning(id)))
      drifts.push({
        kind: 'no_workflow',
        subscriptionId: id,
        stripeId: null,
        detail: `it is ${status}, and no workflow is running for it`,
      })
  }
  const last = page.length === PAGE_MAX ? page.at(-1)?.subscription.id : undefined
  return { drifts, listed: 0, after: last ?? null }
}

/**
 * Reads a subscription that was not in the list: it may be gone, or newer than the list, or belong to a test clock, whose objects
 * Stripe does not list. @see https://docs.stripe.com/billing/testing/test-clocks
 */
async function compareUnlisted(
  parts: ReconcileParts,
  { id, stripeId }: { readonly id: string; readonly stripeId: string },
  at: Date,
): Promise<Drift | null> {
  const there = await findAtStripe<Stripe.Subscription>(() =>
    parts.stripe.subscriptions.retrieve(stripeId, { expand: EXPANDED }),
  )
  if (there !== undefined) return compareSubscription(parts, there, at)
  const detail = 'it is live here, and Stripe does not have it: is the API key for another account?'
  return { kind: 'gone_at_stripe', subscriptionId: id, stripeId, detail }
}

const asList = (drift: Drift | null): Drift[] => (drift === null ? [] : [drift])
