import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import { compareSubscription } from './comparison.ts'
import { classifyStripeError } from '../../adapters/stripe/sdk/errors.ts'
import { afterOf, listed, PAGE_MAX } from '../../adapters/stripe/sdk/listing.ts'
import type { Page, ReadPage, Reconciling } from './reconciliation.ts'

/** What has to be read along to compare. */
const EXPAND = ['customer', 'schedule', 'latest_invoice']

/** All that Stripe lists, canceled ones too: by itself it leaves them out. */
export const compareSubscriptions: ReadPage = async (parts, { runId, after }, at) => {
  const page = await parts.stripe.subscriptions.list({
    status: 'all',
    limit: PAGE_MAX,
    expand: EXPAND.map((name) => `data.${name}`),
    ...listed(after),
  })
  await parts.repositories.reconciliations.see(
    runId,
    page.data.map(({ id }) => id),
  )
  const drifts: Drift[] = []
  for (const held of page.data) drifts.push(...present(await compareSubscription(parts, held, at)))
  return { drifts, listed: page.data.length, after: afterOf(page) }
}

/** What lives here and was not among what Stripe lists, or has nobody who watches over it. */
export const compareHere: ReadPage = async (parts, { runId, after }, at): Promise<Page> => {
  const page = await parts.repositories.reconciliations.listLive(runId, { limit: PAGE_MAX, after })
  const drifts: Drift[] = []
  for (const { subscription, isSeen } of page) {
    const { id, stripeSubscriptionId: stripeId, status } = subscription
    const unseenDrift =
      isSeen === false && stripeId !== null ? await unseen(parts, { id, stripeId }, at) : null
    const detail = `it is ${status}, and nobody watches over it`
    if (unseenDrift !== null) drifts.push(unseenDrift)
    else if (!(await parts.workflows.isRunning(id)))
      drifts.push({ kind: 'no_workflow', subscriptionId: id, stripeId: null, detail })
  }
  const last = page.length === PAGE_MAX ? page.at(-1)?.subscription.id : undefined
  return { drifts, listed: 0, after: last ?? null }
}

/** It may be gone, or have been made since; test clocks hide theirs. */
async function unseen(
  parts: Reconciling,
  { id, stripeId }: { readonly id: string; readonly stripeId: string },
  at: Date,
): Promise<Drift | null> {
  const held = await retrieve(parts.stripe, stripeId)
  if (held !== undefined) return compareSubscription(parts, held, at)
  const detail = 'it lives here, and Stripe does not know it: is the API key of another account?'
  return { kind: 'gone_at_stripe', subscriptionId: id, stripeId, detail }
}

async function retrieve(stripe: Stripe, id: string): Promise<Stripe.Subscription | undefined> {
  try {
    return await stripe.subscriptions.retrieve(id, { expand: EXPAND })
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return undefined
    throw error
  }
}

const present = (drift: Drift | null): Drift[] => (drift === null ? [] : [drift])
