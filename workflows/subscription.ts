import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  currentUpdateInfo,
  log,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { Alarm } from './alarm.ts'
import {
  checkout,
  fact,
  state as stateQuery,
  STEP_FAILED,
  SUBSCRIPTION_NOT_BEGUN,
  SUBSCRIPTION_OVER,
  sync,
  type CheckoutAnswer,
  type CheckoutRequest,
  type SubscriptionInput,
  type SubscriptionView,
} from './contract.ts'
import { observe, openCheckout, renew, startFree } from './effects.ts'
import { operatorCard } from './operator-card.ts'
import { initialSearchAttributesOf, searchAttributesOf } from './search-attributes.ts'
import { leave, remember, resume, takeIn, type SubscriptionState } from './subscription-state.ts'

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
  listen(state, commands)
  setCurrentDetails(operatorCard(state))

  while (!isOver(state)) {
    const { view } = state
    alarm.set(view?.due ? Date.parse(view.due.at) : undefined, view?.due?.what ?? '')
    const awake = () => commands.length > 0 || state.facts.length > 0 || alarm.rang
    if (view === null) {
      if (!(await condition(awake, IDLE_MAX))) break
    } else {
      await condition(() => awake() || isRunFinished())
    }
    if (!awake()) break
    await step()
    if (commands.length === 0 && (state.view === null || isRunFinished())) break
  }

  alarm.set(undefined, '')
  await condition(allHandlersFinished)
  if (isOver(state) || state.view === null) return leave(state)
  return continueAsNew(state)

  /** A new period, or a history that has grown long, or newer code that waits: the next run takes over. */
  function isRunFinished(): boolean {
    const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
    const renewed = periodOfRun !== null && state.view?.periodStart !== periodOfRun
    return renewed || continueAsNewSuggested || targetWorkerDeploymentVersionChanged
  }

  /** One thing at a time: requests first, because somebody waits for them. */
  async function step(): Promise<void> {
    const command = commands.shift()
    if (command !== undefined) {
      await command.perform().catch((error: unknown) => command.fail(error))
    } else if (state.facts.length > 0) {
      const eventIds = takeIn(state, state.facts.splice(0))
      if (eventIds.length > 0) await attempt(state, () => observeNow(state, eventIds))
    } else {
      await attempt(state, () => whatIsDue(state))
    }
    periodOfRun ??= state.view?.periodStart ?? null
    setCurrentDetails(operatorCard(state))
  }
}

function listen(state: SubscriptionState, commands: Command[]): void {
  const queue = <T>(perform: () => Promise<T>): Promise<T> =>
    new Promise<T>((answer, refuse) => {
      const fail = (cause: unknown) => refuse(stepFailure(cause))
      commands.push({ perform: () => perform().then(answer), fail })
    })
  const refuseWhenOver = () => {
    if (isOver(state))
      throw ApplicationFailure.nonRetryable('the subscription is over', SUBSCRIPTION_OVER)
  }
  const refuseWhenNotRunning = () => {
    refuseWhenOver()
    if (state.view === null)
      throw ApplicationFailure.nonRetryable(
        'the subscription has not begun',
        SUBSCRIPTION_NOT_BEGUN,
      )
  }

  setHandler(fact, (told) => void state.facts.push(told), {
    description: 'Something happened elsewhere: Stripe is read again.',
  })
  setHandler(stateQuery, () => leave(state), { description: 'All that this run knows.' })
  setHandler(sync, () => queue(() => observeNow(state, [])), {
    validator: refuseWhenNotRunning,
    description: 'Reads Stripe now and takes over what it says.',
  })
  setHandler(
    checkout,
    (request) => {
      const commandId = currentUpdateInfo()?.id ?? ''
      return queue(() => buy(state, commandId, request))
    },
    { validator: (_request) => refuseWhenOver(), description: 'Opens a page to pay on.' },
  )
}

/** Starts a free plan, or opens a page at Stripe where a paid one can be bought. A repeat gets the first answer. */
async function buy(
  state: SubscriptionState,
  commandId: string,
  request: CheckoutRequest,
): Promise<CheckoutAnswer> {
  const before = state.answers.find((known) => known.commandId === commandId)
  if (before !== undefined) return before.answer
  const order = {
    ...request,
    subscriptionId: state.subscriptionId,
    userId: state.userId,
    generation: (state.view?.checkoutGeneration ?? 0) + 1,
    at: now(),
  }
  const outcome = request.free ? await startFree(order) : await openCheckout(order)
  if (outcome.view !== null) record(state, outcome.view)
  remember(state, commandId, outcome.answer)
  return outcome.answer
}

async function observeNow(
  state: SubscriptionState,
  eventIds: readonly string[],
): Promise<SubscriptionView> {
  const { subscriptionId } = state
  const cause = eventIds.length > 0 ? eventIds.join(' ') : 'asked'
  const view = await observe({ subscriptionId, at: now(), cause, eventIds })
  record(state, view)
  return view
}

async function whatIsDue(state: SubscriptionState): Promise<void> {
  const { subscriptionId, view } = state
  const what = view?.due?.what ?? 'nothing'
  if (what === 'free renewal' || what === 'quota reset') {
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

const isOver = (state: SubscriptionState): boolean => state.view?.over === true
const now = (): string => new Date().toISOString()

const stepFailure = (cause: unknown): ApplicationFailure =>
  ApplicationFailure.create({
    type: STEP_FAILED,
    nonRetryable: true,
    message: cause instanceof Error ? cause.message : String(cause),
    ...(cause instanceof Error && { cause }),
  })
