import { isCancellation, log, upsertSearchAttributes } from '@temporalio/workflow'
import type {
  CheckoutAnswer,
  CheckoutRequest,
  CommandAnswer,
  Requester,
  SubscriptionView,
} from './contract.ts'
import * as effects from './effects.ts'
import { hasGivenWay, isOutOfTime } from './give-way.ts'
import { searchAttributesOf } from './search-attributes.ts'
import { isOver, rememberEvents, type SubscriptionState } from './subscription-state.ts'

/** A step that failed permanently is tried again after this time: an operator has probably fixed its cause by then. */
const RETRY_AFTER_MS = 60 * 60_000

/** Starts a free plan, or opens a payment page at Stripe. */
export async function startCheckout(
  state: SubscriptionState,
  request: CheckoutRequest,
): Promise<CheckoutAnswer> {
  const order = {
    ...request,
    subscriptionId: state.subscriptionId,
    userId: state.userId,
    generation: (state.view?.checkoutGeneration ?? 0) + 1,
    at: now(),
  }
  const summary = `page ${order.generation}`
  const outcome = request.free
    ? await effects.startFree(order)
    : await effects.openCheckout.executeWithOptions({ summary }, [order])
  if (outcome.view !== null) setView(state, outcome.view)
  return outcome.answer
}

/** The arguments that every command sends to its activity, beside the request. */
type Order = { readonly subscriptionId: string; readonly at: string; readonly generation: number }

/**
 * Carries out a command of a subscription that has begun. Its generation is the same for all retries. A command that failed
 * permanently may have reached Stripe all the same, and Stripe forgets its idempotency key after a day. So Stripe is read
 * again, and the next command has another generation.
 */
export async function carryOut(
  state: SubscriptionState,
  perform: (order: Order) => Promise<{ answer: CommandAnswer; view: SubscriptionView }>,
): Promise<CommandAnswer> {
  const { subscriptionId, view } = state
  const generation = (view?.observedSeq ?? 0) + state.spentKeys / SPENT_KEYS_UNIT
  try {
    const outcome = await perform({ subscriptionId, at: now(), generation })
    setView(state, outcome.view)
    return outcome.answer
  } catch (error) {
    if (isCancellation(error) && !hasGivenWay()) throw error
    state.spentKeys += 1
    if (hasGivenWay() || isOutOfTime(error)) lookLater(state)
    else await attempt(state, () => observeNow(state, []))
    throw error
  }
}

/** Has Stripe read again after the commands that wait, for the effect of one that it did not confirm. */
function lookLater({ facts, spentKeys }: SubscriptionState): void {
  facts.push({ kind: 'stripeChanged', eventIds: [`unconfirmed-${spentKeys}`] })
}

/** A generation is the number of writes, with the number of failed commands as its decimals. */
const SPENT_KEYS_UNIT = 1_000

const NOTHING_TO_WITHDRAW = { kind: 'refused', code: 'nothing_to_withdraw' } as const

/**
 * Cancels the subscription, schedules its cancellation, or withdraws that.
 * @param when `now`, `period_end` or an ISO 8601 instant; null withdraws.
 */
export async function changeCancellation(
  state: SubscriptionState,
  when: string | null,
  requester: Requester,
): Promise<CommandAnswer> {
  if (when === null && !state.view?.cancelAt) return NOTHING_TO_WITHDRAW
  const summary = `${when ?? 'withdrawn'}, by ${requester.actor}`
  return carryOut(state, (order) =>
    effects.changeCancellation.executeWithOptions({ summary }, [{ ...order, ...requester, when }]),
  )
}

/** Withdraws a pending change of plan. */
export async function withdrawPending(
  state: SubscriptionState,
  requester: Requester,
): Promise<CommandAnswer> {
  if (!state.view?.pendingChange) return NOTHING_TO_WITHDRAW
  return carryOut(state, (order) => effects.withdrawPlanChange({ ...order, ...requester }))
}

/** Ends a subscription whose workflow was canceled. One that never began has nothing to end. */
export async function endNow(state: SubscriptionState): Promise<void> {
  if (state.view === null || isOver(state)) return
  await changeCancellation(state, 'now', { actor: 'operator' })
}

/** The text beside the step in the Temporal UI. Each history keeps it, so it is short. */
const summaryOf = ({ length }: readonly string[]): string =>
  length === 0 ? 'sync' : length === 1 ? '1 event' : `${length} events`

/** Details about the events, carried by the signal. */
type EventDetails = {
  readonly joins?: string | undefined
  readonly types?: ReadonlyMap<string, string>
}
const NO_TYPES: ReadonlyMap<string, string> = new Map()

/** Reads Stripe and applies its snapshot, on behalf of these events. The first time it may be an import. */
export async function observeNow(
  state: SubscriptionState,
  eventIds: readonly string[],
  { joins, types = NO_TYPES }: EventDetails = {},
): Promise<SubscriptionView> {
  const { subscriptionId, userId, adopts } = state
  const request = { subscriptionId, at: now(), eventIds }
  const view =
    state.view === null && adopts !== undefined
      ? await effects.importSubscription({ ...request, userId, stripeSubscriptionId: adopts })
      : await effects.observe.executeWithOptions({ summary: summaryOf(eventIds) }, [
          { ...request, ...(joins !== undefined && { joins }) },
        ])
  rememberEvents(state, eventIds, types)
  setView(state, view)
  return view
}

/** Reports the thresholds that usage has reached. A subscription that never began has no usage. */
export async function reportThresholds(state: SubscriptionState): Promise<void> {
  const { subscriptionId } = state
  if (state.view !== null)
    setView(state, await effects.reportUsageAlerts({ subscriptionId, at: now() }))
}

/** Due things that need no answer of Stripe. */
const WITHOUT_STRIPE: ReadonlySet<string> = new Set([
  'free change',
  'free end',
  'free renewal',
  'quota reset',
  'trial reminder',
])

/** Does what is due by time alone. */
export async function doWhatIsDue(state: SubscriptionState): Promise<void> {
  const { subscriptionId, view } = state
  const what = view?.due?.what ?? 'nothing'
  if (WITHOUT_STRIPE.has(what)) {
    const due = { subscriptionId, at: now(), cause: what }
    setView(state, await effects.renew.executeWithOptions({ summary: what }, [due]))
    return
  }
  if (what === 'resume') {
    await carryOut(state, (order) => effects.resume({ ...order, actor: 'time' }))
    return
  }
  const request = { subscriptionId, at: now(), cause: what, eventIds: [] }
  const seen = await effects.observe.executeWithOptions({ summary: what }, [request])
  // Stripe has nothing new either: it is read again later, and the card shows what is expected.
  const isStillDue = seen.due !== undefined && Date.parse(seen.due.at) <= Date.now()
  setView(state, isStillDue ? dueLater(seen) : seen)
}

/**
 * If a step fails permanently, the workflow keeps running: it shows the error and tries again later.
 * @throws when the step gave way to a command, after which it is tried again.
 */
export async function attempt(
  state: SubscriptionState,
  perform: () => Promise<unknown>,
): Promise<void> {
  try {
    await perform()
  } catch (error) {
    if (hasGivenWay()) throw error
    log.error('a step failed and is tried again later', { error })
    const reason = error instanceof Error ? error.message : 'for an unknown reason'
    if (state.view !== null)
      state.view = dueLater({ ...state.view, drift: `a step failed: ${reason}` })
  }
}

const dueLater = (view: SubscriptionView): SubscriptionView => ({
  ...view,
  due: { at: new Date(Date.now() + RETRY_AFTER_MS).toISOString(), what: 'retry' },
})

/** Sets the view. An update of search attributes is an action that costs money, so only a visible change makes one. */
function setView(state: SubscriptionState, view: SubscriptionView): void {
  const before = state.view
  state.view = view
  if (searchedFactsOf(before) !== searchedFactsOf(view))
    upsertSearchAttributes(searchAttributesOf(state.userId, view))
}

/** The facts that operators search for. Any other one waits for the next run, whose first attributes cost nothing. */
const searchedFactsOf = (view: SubscriptionView | null): string =>
  JSON.stringify([view?.status, view?.plan, view?.planVersion, view?.stripeCustomerId, view?.drift])

/** The present instant of the workflow, ISO 8601. */
export const now = (): string => new Date().toISOString()
