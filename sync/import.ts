import type Stripe from 'stripe'
import { isUuid, subscriptionId, type SubscriptionId } from '../domain/ids.ts'
import {
  decideImport,
  type ImportCandidate,
  type ImportDecision,
} from '../domain/subscription/import.ts'
import type { Repositories } from '../domain/repositories.ts'
import { isLive, STATUSES, type Subscription } from '../domain/subscription/subscription.ts'
import type { Fact } from '../workflows/contract.ts'
import { derivedUuid } from '../adapters/secrets/derived-uuid.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { SubscriptionWorkflows } from '../adapters/temporal/subscriptions.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import {
  METADATA_IMPORTED,
  METADATA_SUBSCRIPTION,
  METADATA_USER,
} from '../adapters/stripe/sdk/metadata.ts'
import { claimSubscription, endExtra } from '../adapters/stripe/commands/import.ts'
import { idOf } from '../adapters/stripe/reading/snapshot.ts'

export type Importing = {
  readonly stripe: Stripe
  readonly environment: string
  readonly repositories: Pick<Repositories, 'customers' | 'plans' | 'subscriptions' | 'drift'>
  readonly workflows: Pick<SubscriptionWorkflows, 'begin' | 'tell'>
  readonly logger: Logger
}

/** The subscription here that stands for one at Stripe which was not sold here. */
export const subscriptionIdOfStripe = (stripeSubscriptionId: string): SubscriptionId =>
  subscriptionId(derivedUuid(`stripe/${stripeSubscriptionId}`))

/** What its workflow is told: the events, or the comparison, by which it was found. */
export type Occasion = Pick<Extract<Fact, { kind: 'stripeChanged' }>, 'eventIds' | 'types'>

/** What was done about a newcomer: it has begun to be taken in, or it is left, for a reason. */
export type ImportOutcome =
  | { readonly kind: 'taken_in'; readonly by: SubscriptionId }
  | { readonly kind: 'left'; readonly reason: string }

/**
 * Takes care of a subscription at Stripe that no row here stands for. Stripe is read, what is to become of it is decided,
 * and its workflow does the rest. Running it twice, or in two processes, finds it taken in, or already ended.
 */
export async function importSubscription(
  importing: Importing,
  stripeSubscriptionId: string,
  told: Occasion,
  at: Date,
): Promise<ImportOutcome> {
  const held = await retrieve(importing.stripe, stripeSubscriptionId)
  if (held === undefined) return { kind: 'left', reason: 'there is no such subscription at Stripe' }
  const candidate = await importCandidateOf(importing, held)
  return carryOut(importing, candidate, told, at)
}

async function carryOut(
  importing: Importing,
  candidate: ImportCandidate,
  told: Occasion,
  at: Date,
): Promise<ImportOutcome> {
  const { repositories, workflows, logger } = importing
  const { stripeSubscriptionId: stripeId } = candidate
  const decision: ImportDecision = decideImport(candidate)
  switch (decision.kind) {
    case 'import': {
      const id = subscriptionIdOfStripe(stripeId)
      await workflows.begin(
        { subscriptionId: id, userId: decision.userId, adopts: stripeId },
        { kind: 'stripeChanged', ...told },
      )
      await repositories.drift.settle(stripeId, at)
      logger.info({ subscriptionId: id, stripeId }, 'a subscription of Stripe’s is imported')
      return { kind: 'taken_in', by: id }
    }
    case 'join': {
      const { id, userId } = decision.live
      await claimSubscription(importing, {
        subscriptionId: id,
        userId,
        stripeId,
        isImport: candidate.soldFor === null,
      })
      const fact = { kind: 'stripeChanged' as const, ...told, joins: stripeId }
      if ((await workflows.tell(id, fact)) === 'closed')
        await workflows.begin({ subscriptionId: id, userId }, fact)
      await repositories.drift.settle(stripeId, at)
      return { kind: 'taken_in', by: id }
    }
    case 'refund': {
      await mustRun(importing.stripe, decision.live)
      const refunded = await endExtra(importing, stripeId)
      const detail = `${stripeId} was bought beside ${decision.live.stripeSubscriptionId}: it was canceled, ${refunded}`
      await repositories.drift.note(
        { kind: 'extra_refunded', subscriptionId: decision.live.id, stripeId, detail },
        at,
      )
      logger.warn({ stripeId, subscriptionId: decision.live.id }, 'a second purchase was undone')
      return { kind: 'left', reason: 'it was a second purchase, and was undone' }
    }
    case 'leave': {
      const { drift: kind, reason } = decision
      if (kind !== null)
        await repositories.drift.note(
          { kind, subscriptionId: candidate.live?.id ?? null, stripeId, detail: reason },
          at,
        )
      return { kind: 'left', reason }
    }
  }
}

/** All that has to be known to decide. */
export async function importCandidateOf(
  { repositories }: Pick<Importing, 'repositories'>,
  held: Stripe.Subscription,
): Promise<ImportCandidate> {
  const { customers, plans, subscriptions } = repositories
  const customerId = idOf(held.customer) ?? ''
  const known = await customers.findByStripeCustomer(customerId)
  const ofCustomer =
    typeof held.customer === 'string' || held.customer.deleted === true
      ? undefined
      : held.customer.metadata[METADATA_USER]
  const userId = known?.userId ?? held.metadata[METADATA_USER] ?? ofCustomer ?? null
  const priceId = held.items.data[0]?.price.id ?? ''
  const plan = await plans.findByStripePrice(priceId)
  const named = held.metadata[METADATA_SUBSCRIPTION]
  const isSold = named !== undefined && isUuid(named) && !(METADATA_IMPORTED in held.metadata)
  const live =
    userId === null || plan === undefined
      ? undefined
      : await subscriptions.findLive(userId, plan.productLine)
  return {
    stripeSubscriptionId: held.id,
    status: STATUSES.find((each) => each === held.status) ?? null,
    rawStatus: held.status,
    customerId,
    priceId,
    userId,
    plan,
    soldFor: isSold ? named : null,
    isSellerKnown: isSold && (await subscriptions.find(subscriptionId(named))) !== undefined,
    live: live?.stripeSubscriptionId === held.id ? undefined : live,
  }
}

/** Money goes back only where Stripe itself says that both run: the row may not know yet that its own is over. */
async function mustRun(stripe: Stripe, { stripeSubscriptionId: id }: Subscription): Promise<void> {
  const held = id === null ? undefined : await retrieve(stripe, id)
  const status = STATUSES.find((each) => each === held?.status)
  if (status === undefined || !isLive(status))
    throw new Error(`${id} is ${held?.status ?? 'gone'} at Stripe, which is not known here yet`)
}

async function retrieve(stripe: Stripe, id: string): Promise<Stripe.Subscription | undefined> {
  try {
    return await stripe.subscriptions.retrieve(id, { expand: ['customer'] })
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return undefined
    throw error
  }
}
