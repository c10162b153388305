import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { allows, type Move } from '../domain/moves.ts'
import { Alarm } from './alarm.ts'
import {
  cancel,
  checkout,
  fact,
  MOVE_NOT_ALLOWED,
  state as stateQuery,
  STEP_FAILED,
  SUBSCRIPTION_OVER,
  sync,
  withdrawCancellation,
  type Answer,
  type CheckoutAnswer,
  type CheckoutRequest,
  type MoveAnswer,
  type SubscriptionInput,
  type SubscriptionView,
} from './contract.ts'
import { abandon, changeCancellation, observe, openCheckout, renew, startFree } from './effects.ts'
import { operatorCard } from './operator-card.ts'
import { initialSearchAttributesOf, searchAttributesOf } from './search-attributes.ts'
import {
  freshEventIds,
  leave,
  remember,
  resume,
  takeIn,
  type SubscriptionState,
} from './subscription-state.ts'

/** A workflow that was started and never told what for: its caller died in between and will start another. */
const IDLE_MAX = '1 hour'
/** How soon a step that failed for good is tried again: an operator has probably mended its cause by then. */
const TRY_AGAIN_MS = 60 * 60_000

type Command = { readonly perform: () => Promise<void>; readonly fail: (error: unknown) => void }

/**
 * The life of one subscription. Handlers only queue; this loop alone awaits activities, so requests, facts and
 * timers meet in one order. See README.md for why it is safe to run twice.
 */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  const state = resume(input)
  const commands: Command[] = []
  const alarm = new Alarm()
  /** The period in which this run began; the first run of all begins before any. */
  let periodOfRun = state.view?.periodStart ?? null
  let hasTried = false
  listen(state, commands)
  setCurrentDetails(operatorCard(state))

  let canceled: unknown
  try {
    await live()
  } catch (error) {
    if (!isCancellation(error)) throw error
    canceled = error
    // Canceled in the Temporal UI: nobody would watch over this subscription any more, so Stripe must stop collecting.
    await CancellationScope.nonCancellable(() => endNow(state))
  }
  if (state.view === null && hasTried)
    await CancellationScope.nonCancellable(() =>
      abandon({ subscriptionId: state.subscriptionId, at: now() }),
    )
  for (const command of commands.splice(0)) command.fail(isOverFailure())
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  if (canceled !== undefined) throw canceled
  if (isOver(state) || state.view === null) return leave(state)
  return continueAsNew(state)

  async function live(): Promise<void> {
    // Facts that came while it ended are still taken in, so that the inbox knows them done.
    while (!isOver(state) || state.facts.length > 0) {
      const { view } = state
      alarm.set(view?.due ? Date.parse(view.due.at) : undefined, view?.due?.what ?? '')
      const awake = () => commands.length > 0 || state.facts.length > 0 || alarm.rang
      if (view === null) await condition(() => awake() || mayLeave(), IDLE_MAX)
      else await condition(() => awake() || mayLeave())
      if (mayLeave() || !awake()) break
      await step()
    }
    alarm.set(undefined, '')
  }

  /** Nobody waits for an answer, and this run has nothing more to do; facts go along to the next one. */
  function mayLeave(): boolean {
    if (commands.length > 0 || !allHandlersFinished()) return false
    return state.view === null ? hasTried : isRunFinished()
  }

  /** A new period, or a history that has grown long, or newer code that waits: the next run takes over. */
  function isRunFinished(): boolean {
    const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
    const renewed = periodOfRun !== null && state.view?.periodStart !== periodOfRun
    return renewed || continueAsNewSuggested || targetWorkerDeploymentVersionChanged
  }

  /** One thing at a time: requests first, because somebody waits for them. */
  async function step(): Promise<void> {
    const command = isOver(state) ? undefined : commands.shift()
    if (command !== undefined) {
      await command.perform().catch((error: unknown) => command.fail(error))
    } else if (state.facts.length > 0) {
      const eventIds = freshEventIds(state, state.facts.splice(0))
      if (eventIds.length > 0) await attempt(state, () => observeNow(state, eventIds))
    } else {
      await attempt(state, () => whatIsDue(state))
    }
    hasTried = true
    periodOfRun ??= state.view?.periodStart ?? null
    setCurrentDetails(operatorCard(state))
  }
}

function listen(state: SubscriptionState, commands: Command[]): void {
  const queue = <T>(perform: () => Promise<T>): Promise<T> =>
    new Promise<T>((answer, refuse) => {
      const fail = (cause: unknown) => refuse(failureOf(cause))
      commands.push({ perform: () => perform().then(answer), fail })
    })
  const refuseUnless = (move: Move) => {
    refuseWhenOver(state)
    const status = state.view?.status
    if (status === undefined || !allows(move, status))
      throw ApplicationFailure.nonRetryable(
        `a subscription that is ${status ?? 'not begun'} does not allow this`,
        MOVE_NOT_ALLOWED,
      )
  }
  /** Runs a command in its turn, or gives a repeat the first answer: an update's id is known for one run only. */
  const command = <T extends Answer>(perform: () => Promise<T>): Promise<T> => {
    const commandId = currentUpdateInfo()?.id ?? ''
    return queue(async () => {
      const known = state.answers.find((each) => each.commandId === commandId)
      // The same id is the same command: the API refuses a key that comes with another request.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (known !== undefined) return known.answer as T
      const answer = await perform()
      remember(state, commandId, answer)
      return answer
    })
  }

  setHandler(fact, (told) => void state.facts.push(told), {
    description: 'Something happened elsewhere: Stripe is read again.',
  })
  setHandler(stateQuery, () => leave(state), { description: 'All that this run knows.' })
  setHandler(sync, () => queue(() => observeNow(state, [])), {
    validator: () => refuseUnless('sync'),
    description: 'Reads Stripe now and takes over what it says.',
  })
  setHandler(checkout, (request) => command(() => buy(state, request)), {
    validator: (_request) => refuseWhenOver(state),
    description: 'Opens a page to pay on.',
  })
  setHandler(cancel, ({ when }) => command(() => moveCancellation(state, when)), {
    validator: (_request) => refuseUnless('cancel'),
    description: 'Ends the subscription now, at the end of its period, or on a day.',
  })
  setHandler(withdrawCancellation, () => command(() => moveCancellation(state, null)), {
    validator: () => refuseUnless('withdrawCancellation'),
    description: 'Takes a scheduled cancellation back.',
  })
}

/** Starts a free plan, or opens a page at Stripe where a paid one can be bought. */
async function buy(state: SubscriptionState, request: CheckoutRequest): Promise<CheckoutAnswer> {
  const order = {
    ...request,
    subscriptionId: state.subscriptionId,
    userId: state.userId,
    generation: (state.view?.checkoutGeneration ?? 0) + 1,
    at: now(),
  }
  const outcome = request.free ? await startFree(order) : await openCheckout(order)
  if (outcome.view !== null) record(state, outcome.view)
  return outcome.answer
}

/** Ends the subscription, schedules its end, or (null) withdraws that. */
async function moveCancellation(
  state: SubscriptionState,
  when: string | null,
): Promise<MoveAnswer> {
  const { subscriptionId } = state
  const outcome = await changeCancellation({ subscriptionId, when, at: now() })
  record(state, outcome.view)
  return outcome.answer
}

/** Ends a subscription whose workflow is taken away. What was never begun has nothing to end. */
async function endNow(state: SubscriptionState): Promise<void> {
  if (state.view === null || isOver(state)) return
  await moveCancellation(state, 'now')
}

async function observeNow(
  state: SubscriptionState,
  eventIds: readonly string[],
): Promise<SubscriptionView> {
  const { subscriptionId } = state
  const cause = eventIds.length > 0 ? eventIds.join(' ') : 'asked'
  const view = await observe({ subscriptionId, at: now(), cause, eventIds })
  takeIn(state, eventIds)
  record(state, view)
  return view
}

async function whatIsDue(state: SubscriptionState): Promise<void> {
  const { subscriptionId, view } = state
  const what = view?.due?.what ?? 'nothing'
  if (what === 'free renewal' || what === 'free end' || what === 'quota reset') {
    record(state, await renew({ subscriptionId, at: now(), cause: what }))
    return
  }
  const seen = await observe({ subscriptionId, at: now(), cause: what, eventIds: [] })
  // Stripe has nothing new either: it is asked again, and a human sees what is expected.
  const stillDue = seen.due !== null && Date.parse(seen.due.at) <= Date.now()
  record(state, stillDue ? later(seen) : seen)
}

/** A step that failed for good must not stop the life: it is shown, and tried again later. */
async function attempt(state: SubscriptionState, perform: () => Promise<unknown>): Promise<void> {
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

function continueAsNew(state: SubscriptionState): Promise<never> {
  const { targetWorkerDeploymentVersionChanged } = workflowInfo()
  return makeContinueAsNewFunc<typeof Subscription>({
    ...(state.view && {
      typedSearchAttributes: initialSearchAttributesOf(state.userId, state.view),
    }),
    ...(targetWorkerDeploymentVersionChanged && {
      initialVersioningBehavior: 'AUTO_UPGRADE' as const,
    }),
  })(leave(state))
}

/** What operators look for: a change of anything else waits for the next run, whose attributes are free. */
const telling = (view: SubscriptionView | null): string =>
  JSON.stringify([view?.status, view?.plan, view?.planVersion, view?.stripeCustomerId, view?.drift])

const isOverFailure = () =>
  ApplicationFailure.nonRetryable('the subscription is over', SUBSCRIPTION_OVER)

function refuseWhenOver(state: SubscriptionState): void {
  if (isOver(state)) throw isOverFailure()
}

const isOver = (state: SubscriptionState): boolean => state.view?.over === true
const now = (): string => new Date().toISOString()

/** What a caller is told: a refusal of ours as it is, anything else as a step that failed. */
const failureOf = (cause: unknown): ApplicationFailure =>
  cause instanceof ApplicationFailure
    ? cause
    : ApplicationFailure.create({
        type: STEP_FAILED,
        nonRetryable: true,
        message: cause instanceof Error ? cause.message : String(cause),
        ...(cause instanceof Error && { cause }),
      })
