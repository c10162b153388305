import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import { AUTO_ATTACH_COMMAND, autoAttachKey } from '../../domain/keys.ts'
import type { Refusal } from '../../domain/usage/usage.ts'
import { hasScope, type Caller } from '../auth/caller.ts'
import type { ApiDependencies } from '../environment.ts'
import { refusalOf } from '../subscriptions/refusal.ts'

/** The parts of `beginByItself`. */
export type AttachParts = Pick<
  ApiDependencies,
  'repositories' | 'workflows' | 'clock' | 'publicUrl'
>

/** `unavailable`: no workflow answered in time. The subscription may still begin. */
export type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unavailable'; readonly detail: string }

/**
 * Begins the free plan that a customer without a live subscription of its product line has by itself, if one is wanted. It is a
 * subscription like every other. Concurrent calls begin one: its id is derived from the customer and their former subscription.
 */
export async function beginByItself(
  parts: AttachParts,
  {
    userId,
    isWanted,
  }: { readonly userId: string; readonly isWanted: (plan: PlanVersion) => boolean },
): Promise<Begun> {
  const { plans, subscriptions } = parts.repositories
  for (const plan of await plans.listAutoAttached())
    if (isWanted(plan) && (await subscriptions.findLive(userId, plan.productLine)) === undefined)
      return begin(parts, userId, plan)
  return { kind: 'nothing' }
}

async function begin(parts: AttachParts, userId: string, plan: PlanVersion): Promise<Begun> {
  const { customers, plans, subscriptions } = parts.repositories
  const { productLine } = plan
  const at = parts.clock.now()
  const customer = await customers.upsert({ userId }, at)
  const former = await subscriptions.findLatest(userId, productLine)
  // An operator may have offered a larger free version to this customer. Nobody begins an offer with a price by itself.
  const offered = await plans.findOffered(plan.slug, { userId, at })
  const version = offered !== undefined && isFree(offered) ? offered : plan
  const key = autoAttachKey(customer, productLine, former?.id ?? null)
  const reply = await parts.workflows.checkout(
    { subscriptionId: derivedUuid(key), userId, commandId: AUTO_ATTACH_COMMAND },
    {
      planVersionId: version.id,
      free: true,
      quantity: 1,
      paymentMethodCollection: 'always',
      successUrl: `${parts.publicUrl}/checkout/complete`,
      cancelUrl: `${parts.publicUrl}/checkout/canceled`,
      byItself: true,
    },
  )
  // A refusal names another subscription, which has begun in this moment.
  if (reply.kind === 'answered') return { kind: 'begun' }
  return reply.kind === 'unavailable'
    ? { kind: 'unavailable', detail: refusalOf(reply).detail }
    : { kind: 'nothing' }
}

/** Whether a refusal may be one of a customer who has no subscription with the feature. */
const mayBegin = (outcome: { readonly kind: string; readonly reason?: Refusal }): boolean =>
  outcome.kind === 'refused' &&
  (outcome.reason === 'no_subscription' || outcome.reason === 'feature_not_in_plan')

/** A key that may only read begins nothing. */
export const mayBeginFor = (caller: Caller): boolean =>
  caller.kind === 'user_token' || hasScope(caller, 'app')

/** Plans with this feature. */
const grants =
  (feature: string) =>
  ({ features }: PlanVersion): boolean =>
    features.some(({ code }) => code === feature)

type Decided<T> =
  { readonly kind: 'decided'; readonly outcome: T } | Extract<Begun, { kind: 'unavailable' }>

/**
 * Decides usage of a feature. If it is refused because the customer has no subscription with the feature, the plan that they have
 * by itself begins, and the usage is decided again. Usage that is not refused costs nothing more.
 */
export async function decideBegun<T extends { readonly kind: string; readonly reason?: Refusal }>(
  parts: AttachParts,
  { userId, feature }: { readonly userId: string; readonly feature: string },
  decide: () => Promise<T>,
): Promise<Decided<T>> {
  const outcome = await decide()
  if (!mayBegin(outcome)) return { kind: 'decided', outcome }
  const begun = await beginByItself(parts, { userId, isWanted: grants(feature) })
  if (begun.kind === 'unavailable') return begun
  return { kind: 'decided', outcome: begun.kind === 'begun' ? await decide() : outcome }
}

/**
 * Begins the plans that the refused events of a batch need: one for each product line.
 *
 * @returns `begun` if at least one has begun, so that the events are decided again.
 */
export async function beginForRefused(
  parts: AttachParts,
  requests: readonly { readonly userId: string; readonly feature: string }[],
  outcomes: readonly { readonly kind: string; readonly reason?: Refusal }[],
): Promise<Begun> {
  let whole: Begun = { kind: 'nothing' }
  const refused = requests.filter((_, index) => {
    const outcome = outcomes[index]
    return outcome !== undefined && mayBegin(outcome)
  })
  const byFeature = new Map(refused.map((request) => [request.feature, request]))
  for (const { userId, feature } of byFeature.values()) {
    const begun = await beginByItself(parts, { userId, isWanted: grants(feature) })
    if (begun.kind === 'unavailable') return begun
    if (begun.kind === 'begun') whole = begun
  }
  return whole
}
