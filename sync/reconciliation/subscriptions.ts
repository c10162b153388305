import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import { METHOD_EXPANDED } from '../../adapters/stripe/reading/charged-method.ts'
import { findAtStripe } from '../../adapters/stripe/sdk/errors.ts'
import { lastIdOf, PAGE_MAX, pageAfter } from '../../adapters/stripe/sdk/listing.ts'
import { compareSubscription } from './comparison.ts'
import { letterAboutCardOf } from './expiring-card.ts'
import type { LetterTo, Page, PageOf, ReadPage, ReconcileParts } from './page.ts'

/** The fields that `compare` needs expanded. */
const EXPANDED = ['customer', 'schedule', 'latest_invoice', 'discounts', ...METHOD_EXPANDED]

/** Compares the subscriptions in Stripe's list. `status: all` includes canceled ones, which the list otherwise leaves out. */
export const compareSubscriptionsAtStripe: ReadPage = async (parts, request, at) => {
  const { runId, after } = request
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
  const compared: Compared[] = []
  for (const there of page.data) compared.push(await compare(parts, there, request, at))
  return { ...pageOf(compared), listed: page.data.length, after: lastIdOf(page) }
}

/** Checks the live subscriptions here: those that Stripe did not list, and those without a running workflow. */
export const compareSubscriptionsHere: ReadPage = async (parts, request, at): Promise<Page> => {
  const { runId, after } = request
  const page = await parts.repositories.reconciliations.listLive(runId, { limit: PAGE_MAX, after })
  const compared: Compared[] = []
  for (const { subscription, isSeen } of page) {
    const { id, stripeSubscriptionId: stripeId, status } = subscription
    const unlisted =
      isSeen === false && stripeId !== null
        ? await compareUnlisted(parts, { id, stripeId }, request, at)
        : NOTHING
    compared.push(unlisted)
    if (unlisted.drift === null && !(await parts.workflows.isRunning(id)))
      compared.push(
        only({
          kind: 'no_workflow',
          subscriptionId: id,
          stripeId: null,
          detail: `it is ${status}, and no workflow is running for it`,
        }),
      )
  }
  const last = page.length === PAGE_MAX ? page.at(-1)?.subscription.id : undefined
  const live = page.map(({ subscription }) => subscription)
  return { ...pageOf(compared), live, listed: 0, after: last ?? null }
}

/**
 * Reads a subscription that was not in the list: it may be gone, or newer than the list, or belong to a test clock, whose objects
 * Stripe does not list. @see https://docs.stripe.com/billing/testing/test-clocks
 */
async function compareUnlisted(
  parts: ReconcileParts,
  { id, stripeId }: { readonly id: string; readonly stripeId: string },
  request: PageOf,
  at: Date,
): Promise<Compared> {
  const there = await findAtStripe<Stripe.Subscription>(() =>
    parts.stripe.subscriptions.retrieve(stripeId, { expand: EXPANDED }),
  )
  if (there !== undefined) return compare(parts, there, request, at)
  const detail = 'it is live here, and Stripe does not have it: is the API key for another account?'
  return only({ kind: 'gone_at_stripe', subscriptionId: id, stripeId, detail })
}

/** The result for one subscription. */
type Compared = { readonly drift: Drift | null; readonly letter: LetterTo | null }
const NOTHING: Compared = { drift: null, letter: null }
const only = (drift: Drift): Compared => ({ drift, letter: null })

/** No letter is written about a row that Stripe contradicts: the next comparison decides. */
async function compare(
  parts: ReconcileParts,
  there: Stripe.Subscription,
  { scope }: PageOf,
  at: Date,
): Promise<Compared> {
  const drift = await compareSubscription(parts, there, { isRecovery: scope === 'recover', at })
  const isOutdated = drift?.kind === 'differs'
  return { drift, letter: isOutdated ? null : await letterAboutCardOf(parts, there, at) }
}

const pageOf = (compared: readonly Compared[]): Pick<Page, 'drifts' | 'letters'> => ({
  drifts: compared.flatMap(({ drift }) => drift ?? []),
  letters: compared.flatMap(({ letter }) => letter ?? []),
})
