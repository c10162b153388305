import { isCancellation, log, upsertSearchAttributes } from '@temporalio/workflow'
import type {
  Requester,
  CheckoutAnswer,
  CheckoutRequest,
  CommandAnswer,
  SubscriptionView,
} from './contract.ts'
import {
  adopt,
  changeCancellation,
  observe,
  openCheckout,
  renew,
  resume,
  startFree,
  tellAlerts,
  withdrawPlanChange,
} from './effects.ts'
import { searchAttributesOf } from './search-attributes.ts'
import { isOver, takeIn, type SubscriptionState } from './subscription-state.ts'

/** How soon a step that failed for good is tried again: an operator has probably mended its cause by then. */
const TRY_AGAIN_MS = 60 * 60_000

/** Starts a free plan, or opens a page at Stripe where a paid one can be bought. */
export async function buy(
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
    ? await startFree(order)
    : await openCheckout.executeWithOptions({ summary }, [order])
  if (outcome.view !== null) record(state, outcome.view)
  return outcome.answer
}

/** What every command tells its activity, beside what was asked. */
type Order = { readonly subscriptionId: string; readonly at: string; readonly generation: number }

/**
 * Has a command of a running subscription carried out. Its number stays the same however often that is tried. One that
 * failed for good may have reached Stripe all the same, and Stripe remembers its key for a day at most: so Stripe is read
 * again, and whatever is asked next has another number.
 */
export async function carryOut(
  state: SubscriptionState,
  perform: (order: Order) => Promise<{ answer: CommandAnswer; view: SubscriptionView }>,
): Promise<CommandAnswer> {
  const { subscriptionId, view } = state
  const generation = (view?.observedSeq ?? 0) + state.spentKeys / SPENT_KEYS_UNIT
  try {
    const outcome = await perform({ subscriptionId, at: now(), generation })
    record(state, outcome.view)
    return outcome.answer
  } catch (error) {
    if (isCancellation(error)) throw error
    state.spentKeys += 1
    await attempt(state, () => observeNow(state, []))
    throw error
  }
}

/** Observations count in whole numbers, keys that were spent in vain behind the point. */
const SPENT_KEYS_UNIT = 1_000

const NOTHING_TO_WITHDRAW = { kind: 'refused', code: 'nothing_to_withdraw' } as const

/** Ends the subscription, schedules its end, or (null) withdraws that. */
export async function moveCancellation(
  state: SubscriptionState,
  when: string | null,
  actor: Requester['actor'],
): Promise<CommandAnswer> {
  if (when === null && !state.view?.cancelAt) return NOTHING_TO_WITHDRAW
  const summary = `${when ?? 'withdrawn'}, by ${actor}`
  return carryOut(state, (order) =>
    changeCancellation.executeWithOptions({ summary }, [{ ...order, when, actor }]),
  )
}

/** Takes a pending change of plan back. */
export async function withdrawPending(
  state: SubscriptionState,
  actor: Requester['actor'],
): Promise<CommandAnswer> {
  if (!state.view?.pendingChange) return NOTHING_TO_WITHDRAW
  return carryOut(state, (order) => withdrawPlanChange({ ...order, actor }))
}

/** Ends a subscription whose workflow is taken away. What was never begun has nothing to end. */
export async function endNow(state: SubscriptionState): Promise<void> {
  if (state.view === null || isOver(state)) return
  await moveCancellation(state, 'now', 'operator')
}

/** What an operator reads beside the step in the Temporal UI, without opening it. Each history keeps it, so it is short. */
const occasionOf = ({ length }: readonly string[]): string =>
  length === 0 ? 'sync' : length === 1 ? '1 event' : `${length} events`

/** What else the facts said of the events. */
type Told = {
  readonly joins?: string | undefined
  readonly types?: ReadonlyMap<string, string>
}
const NO_TYPES: ReadonlyMap<string, string> = new Map()

/** Reads Stripe and takes over what it says, on behalf of these events; the first time, of what was not sold here. */
export async function observeNow(
  state: SubscriptionState,
  eventIds: readonly string[],
  { joins, types = NO_TYPES }: Told = {},
): Promise<SubscriptionView> {
  const { subscriptionId, userId, adopts } = state
  const request = { subscriptionId, at: now(), eventIds }
  const view =
    state.view === null && adopts !== undefined
      ? await adopt({ ...request, userId, stripeSubscriptionId: adopts })
      : await observe.executeWithOptions({ summary: occasionOf(eventIds) }, [
          { ...request, ...(joins !== undefined && { joins }) },
        ])
  takeIn(state, eventIds, types)
  record(state, view)
  return view
}

/** Tells the thresholds that usage reached. What was never begun has used nothing. */
export async function tellThresholds(state: SubscriptionState): Promise<void> {
  const { subscriptionId } = state
  if (state.view !== null) record(state, await tellAlerts({ subscriptionId, at: now() }))
}

/** What needs nobody but us. */
const BY_OURSELVES: ReadonlySet<string> = new Set([
  'free change',
  'free end',
  'free renewal',
  'quota reset',
  'trial reminder',
])

/** Does what time alone asks for. */
export async function whatIsDue(state: SubscriptionState): Promise<void> {
  const { subscriptionId, view } = state
  const what = view?.due?.what ?? 'nothing'
  if (BY_OURSELVES.has(what)) {
    const due = { subscriptionId, at: now(), cause: what }
    record(state, await renew.executeWithOptions({ summary: what }, [due]))
    return
  }
  if (what === 'resume') {
    await carryOut(state, (order) => resume({ ...order, actor: 'time' }))
    return
  }
  const asked = { subscriptionId, at: now(), cause: what, eventIds: [] }
  const seen = await observe.executeWithOptions({ summary: what }, [asked])
  // Stripe has nothing new either: it is asked again, and a human sees what is expected.
  const stillDue = seen.due !== undefined && Date.parse(seen.due.at) <= Date.now()
  record(state, stillDue ? later(seen) : seen)
}

/** A step that failed for good must not stop the life: it is shown, and tried again later. */
export async function attempt(
  state: SubscriptionState,
  perform: () => Promise<unknown>,
): Promise<void> {
  try {
    await perform()
  } catch (error) {
    log.error('a step failed and is tried again later', { error })
    const because = error instanceof Error ? error.message : 'for no known reason'
    if (state.view !== null)
      state.view = later({ ...state.view, drift: `a step failed: ${because}` })
  }
}

const later = (view: SubscriptionView): SubscriptionView => ({
  ...view,
  due: { at: new Date(Date.now() + TRY_AGAIN_MS).toISOString(), what: 'asking again' },
})

/** Takes over what a step made of the subscription. Attributes cost an action, so only telling changes are sent. */
function record(state: SubscriptionState, view: SubscriptionView): void {
  const before = state.view
  state.view = view
  if (telling(before) !== telling(view))
    upsertSearchAttributes(searchAttributesOf(state.userId, view))
}

/** What operators look for: a change of anything else waits for the next run, whose attributes are free. */
const telling = (view: SubscriptionView | null): string =>
  JSON.stringify([view?.status, view?.plan, view?.planVersion, view?.stripeCustomerId, view?.drift])

export const now = (): string => new Date().toISOString()
