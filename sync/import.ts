import type Stripe from 'stripe'
import { isUuid, subscriptionId, type SubscriptionId } from '../domain/ids.ts'
import { decideImport, type ImportCandidate } from '../domain/subscription/import.ts'
import { isPriceOf } from '../domain/stripe/price.ts'
import type { Repositories } from '../domain/repositories.ts'
import { isLive, STATUSES, type Subscription } from '../domain/subscription/subscription.ts'
import type { Fact } from '../workflows/contract.ts'
import { derivedUuid } from '../adapters/secrets/derived-uuid.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { SubscriptionWorkflows } from '../adapters/temporal/subscriptions.ts'
import { findAtStripe } from '../adapters/stripe/sdk/errors.ts'
import {
  METADATA_IMPORTED,
  METADATA_SUBSCRIPTION,
  METADATA_USER,
} from '../adapters/stripe/sdk/metadata.ts'
import { cancelAndRefund, linkSubscription } from '../adapters/stripe/commands/import.ts'
import { idOf } from '../adapters/stripe/reading/ids.ts'
import { paidFor } from '../adapters/stripe/reading/price-terms.ts'
import { planAmong } from '../adapters/stripe/reading/plan-item.ts'

/** The parts that an import uses. */
export type ImportParts = {
  readonly stripe: Stripe
  readonly environment: string
  readonly repositories: Pick<Repositories, 'customers' | 'plans' | 'subscriptions' | 'drift'>
  readonly workflows: Pick<SubscriptionWorkflows, 'start' | 'signal' | 'end'>
  readonly logger: Logger
}

/** @returns the id here of a subscription that was not sold here, always the same for the same one at Stripe */
export const subscriptionIdOfStripe = (stripeSubscriptionId: string): SubscriptionId =>
  subscriptionId(derivedUuid(`stripe/${stripeSubscriptionId}`))

/** The events, or the comparison, that showed the subscription. They stand in the workflow's history. */
export type ImportCause = Pick<Extract<Fact, { kind: 'stripeChanged' }>, 'eventIds' | 'types'>

/** Whether a subscription at Stripe becomes one of ours, and why not. */
export type ImportOutcome =
  /** A workflow got the signal and does the rest. */
  { readonly kind: 'started' } | { readonly kind: 'skipped'; readonly reason: string }

const STARTED: ImportOutcome = { kind: 'started' }

/**
 * Handles a subscription at Stripe that has no row here: reads it, decides, and signals the workflow that imports it. Running it
 * twice, or in two processes, finds the import started, or the subscription ended.
 *
 * @throws when Stripe, Temporal or the database does not answer
 */
export async function importSubscription(
  parts: ImportParts,
  stripeSubscriptionId: string,
  cause: ImportCause,
  at: Date,
  { isRecovery = false }: { readonly isRecovery?: boolean } = {},
): Promise<ImportOutcome> {
  const held = await readWithCustomer(parts.stripe, stripeSubscriptionId)
  if (held === undefined)
    return { kind: 'skipped', reason: 'there is no such subscription at Stripe' }
  const candidate = await importCandidateOf(parts, held)
  const found = { candidate, cause, at }
  const decision = decideImport(candidate, { isRecovery })
  switch (decision.kind) {
    case 'import':
      return importAs(parts, found, {
        subscriptionId: subscriptionIdOfStripe(stripeSubscriptionId),
        userId: decision.userId,
      })
    case 'restore': {
      const { id, userId } = decision
      // A workflow that is older than the restored database fails at every step, because its row is gone.
      await parts.workflows.end(id, 'its row was lost, and is restored from Stripe')
      return importAs(parts, found, { subscriptionId: id, userId })
    }
    case 'join':
      return joinLive(parts, found, decision.live)
    case 'refund':
      return undoSecondPurchase(parts, found, decision.live)
    case 'leave': {
      const { drift: kind, reason } = decision
      const { live, stripeSubscriptionId: stripeId } = candidate
      if (kind !== null)
        await parts.repositories.drift.note(
          { kind, subscriptionId: live?.id ?? null, stripeId, detail: reason },
          at,
        )
      return { kind: 'skipped', reason }
    }
  }
}

type Found = {
  readonly candidate: ImportCandidate
  readonly cause: ImportCause
  readonly at: Date
}

async function importAs(
  { repositories, workflows, logger }: ImportParts,
  { candidate, cause, at }: Found,
  ours: { readonly subscriptionId: string; readonly userId: string },
): Promise<ImportOutcome> {
  const { stripeSubscriptionId: stripeId } = candidate
  await workflows.start({ ...ours, adopts: stripeId }, { kind: 'stripeChanged', ...cause })
  await repositories.drift.settle(stripeId, at)
  const { subscriptionId: id } = ours
  logger.info({ subscriptionId: id, stripeId }, 'a subscription from Stripe is imported')
  return STARTED
}

/** Makes it the paid form of a live subscription that has none at Stripe yet. */
async function joinLive(
  parts: ImportParts,
  { candidate, cause, at }: Found,
  { id, userId }: Subscription,
): Promise<ImportOutcome> {
  const { repositories, workflows } = parts
  const { stripeSubscriptionId: stripeId, soldFor } = candidate
  const isImport = soldFor === null
  await linkSubscription(parts, { subscriptionId: id, userId, stripeId, isImport })
  const fact = { kind: 'stripeChanged' as const, ...cause, joins: stripeId }
  if ((await workflows.signal(id, fact)) === 'closed')
    await workflows.start({ subscriptionId: id, userId }, fact)
  await repositories.drift.settle(stripeId, at)
  return STARTED
}

async function undoSecondPurchase(
  parts: ImportParts,
  { candidate, at }: Found,
  live: Subscription,
): Promise<ImportOutcome> {
  const { stripeSubscriptionId: stripeId } = candidate
  await mustBeLive(parts.stripe, live)
  const refunds = await cancelAndRefund(parts, stripeId)
  const detail = `${stripeId} was bought in addition to ${live.stripeSubscriptionId}. It was canceled; ${refunds}`
  await parts.repositories.drift.note(
    { kind: 'extra_refunded', subscriptionId: live.id, stripeId, detail },
    at,
  )
  parts.logger.warn({ stripeId, subscriptionId: live.id }, 'a second purchase was undone')
  return { kind: 'skipped', reason: 'it was a second purchase, and was undone' }
}

/** Collects the facts that `decideImport` needs. @param found with its customer expanded */
export async function importCandidateOf(
  { repositories }: Pick<ImportParts, 'repositories'>,
  found: Stripe.Subscription,
): Promise<ImportCandidate> {
  const { customers, plans, subscriptions } = repositories
  const customerId = idOf(found.customer) ?? ''
  const known = await customers.findByStripeCustomer(customerId)
  const ofCustomer =
    typeof found.customer === 'string' || found.customer.deleted === true
      ? undefined
      : found.customer.metadata[METADATA_USER]
  const userId = known?.userId ?? found.metadata[METADATA_USER] ?? ofCustomer ?? null
  const priceIds = found.items.data.map(({ price }) => price.id)
  const planned = await planAmong(plans, priceIds)
  const plan = planned?.plan
  const named = found.metadata[METADATA_SUBSCRIPTION]
  const isSold = named !== undefined && isUuid(named) && !(METADATA_IMPORTED in found.metadata)
  const held = userId === null ? undefined : await customers.find(userId)
  const live =
    userId === null || plan === undefined
      ? undefined
      : await subscriptions.findLive(userId, plan.productLine)
  return {
    stripeSubscriptionId: found.id,
    status: STATUSES.find((each) => each === found.status) ?? null,
    rawStatus: found.status,
    customerId,
    priceId: planned?.priceId ?? priceIds[0] ?? '',
    userId,
    plan,
    isOtherCustomer: (held?.stripeCustomerId ?? customerId) !== customerId,
    isPriceShown: planned === undefined || isPriceOf(planned.plan, paidFor(found, planned.priceId)),
    soldFor: isSold ? named : null,
    isSellerKnown: isSold && (await subscriptions.find(subscriptionId(named))) !== undefined,
    live: live?.stripeSubscriptionId === found.id ? undefined : live,
  }
}

/** A refund needs Stripe's confirmation that the other one is live. The row here may not know yet that it has ended. */
async function mustBeLive(
  stripe: Stripe,
  { stripeSubscriptionId: id }: Subscription,
): Promise<void> {
  const found = id === null ? undefined : await readWithCustomer(stripe, id)
  const status = STATUSES.find((each) => each === found?.status)
  if (status === undefined || !isLive(status))
    throw new Error(`${id} is ${found?.status ?? 'gone'} at Stripe, which is not known here yet`)
}

const readWithCustomer = (stripe: Stripe, id: string): Promise<Stripe.Subscription | undefined> =>
  findAtStripe(() => stripe.subscriptions.retrieve(id, { expand: ['customer'] }))
