import {
  allHandlersFinished,
  CancellationScope,
  condition,
  patched,
  isCancellation,
  makeContinueAsNewFunc,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import { Alarm } from './alarm.ts'
import { overFailure, type QueuedCommand } from './command-queue.ts'
import type { SubscriptionInput } from './contract.ts'
import { abandon } from './effects.ts'
import { givingWay, hasGivenWay } from './give-way.ts'
import { operatorCard } from './operator-card.ts'
import { attributesOfRun, initialSearchAttributesOf } from './search-attributes.ts'
import { freshEventIds, typesOf } from './seen-events.ts'
import { listen } from './subscription-messages.ts'
import {
  briefViewOf,
  isOver,
  joinedBy,
  restoreState,
  stateForNextRun,
  traceOf,
  type SubscriptionState,
} from './subscription-state.ts'
import {
  attempt,
  doWhatIsDue,
  endNow,
  now,
  observeNow,
  reportThresholds,
} from './subscription-steps.ts'

/** A workflow without a command ends after this time: its caller died in between, and will start another one. */
const IDLE_MAX = '1 hour'

type Run = {
  readonly state: SubscriptionState
  readonly commands: QueuedCommand[]
  readonly alarm: Alarm
  /** The start of the period in which this run began; null until a first period exists. */
  period: number | null
  /** Whether any step has run. */
  hasTried: boolean
  /** Whether a step is running, so that its result is not known yet. */
  isStepping: boolean
}

/**
 * The life of one subscription. Handlers only queue; this loop alone awaits activities, so requests, facts and timers have
 * one order. See README.md for why it is safe to run twice.
 * @returns the last state, when the subscription has ended or never began. Otherwise it continues as new.
 */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  const state = restoreState(input, attributesOfRun())
  const run: Run = {
    state,
    commands: [],
    alarm: new Alarm(),
    period: periodOf(state),
    hasTried: false,
    isStepping: false,
  }
  const isBusy = () => run.isStepping || state.facts.length > 0
  listen({ state, commands: run.commands, isBusy })
  setCurrentDetails(operatorCard(state))

  let canceled: unknown
  try {
    await live(run)
  } catch (error) {
    if (!isCancellation(error)) throw error
    canceled = error
    // Canceled in the Temporal UI. Without this workflow nothing watches the subscription, so Stripe must stop collecting.
    await CancellationScope.nonCancellable(() => endNow(state))
  }
  await CancellationScope.nonCancellable(() => finish(run))
  if (canceled !== undefined) throw canceled
  if (isOver(state) || state.view === null) return stateForNextRun(state, Date.now())
  return continueAsNew(state)
}

/** Waits and steps until the subscription has ended, or this run has no work left. */
async function live(run: Run): Promise<void> {
  const { state, commands, alarm } = run
  const isAwake = () => commands.length > 0 || state.facts.length > 0 || alarm.rang
  // Facts that arrive at the end are still observed, so that the inbox can close their events.
  while (!isOver(state) || state.facts.length > 0) {
    // Before the alarm is set: a run that ends takes its timer along, and another timer would cost an action.
    if (mayEnd(run)) break
    const due = state.view?.due
    alarm.set(due ? Date.parse(due.at) : undefined, due?.what ?? '')
    const isReady = () => isAwake() || mayEnd(run)
    if (state.view === null) await condition(isReady, IDLE_MAX)
    else await condition(isReady)
    if (mayEnd(run) || !isAwake()) break
    run.isStepping = true
    await givingWay(
      () => step(run),
      () => commands.length > 0,
    )
    run.isStepping = false
  }
}

/** No caller is waiting, and this run has no work left. Facts are carried to the next run. */
function mayEnd({ state, commands, hasTried, period }: Run): boolean {
  if (commands.length > 0 || !allHandlersFinished()) return false
  if (state.view === null) return hasTried
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
  const isNextPeriod = period !== null && periodOf(state) !== period
  return isNextPeriod || continueAsNewSuggested || targetWorkerDeploymentVersionChanged
}

/** One thing at a time. Commands come first, because callers wait for them. */
async function step(run: Run): Promise<void> {
  const { state, commands } = run
  const command = isOver(state) || readsFirst(run) ? undefined : commands.shift()
  try {
    if (command !== undefined)
      await command.perform().catch((error: unknown) => command.fail(error))
    else if (state.facts.length > 0) await observeFacts(state)
    else await attempt(state, () => doWhatIsDue(state))
  } catch (error) {
    // A due step stays due, and comes after the command that it gave way to.
    if (!hasGivenWay()) throw error
  }
  run.hasTried = true
  run.period ??= periodOf(state)
  setCurrentDetails(operatorCard(state))
}

/**
 * Whether a run that knows nothing yet reads Stripe before it decides on a command: a run that was started again, because its
 * workflow was lost, would refuse the command and end, though the subscription lives.
 */
const readsFirst = ({ state, commands }: Run): boolean =>
  // Runs of an earlier release decided first.
  state.view === null && state.facts.length > 0 && commands.length > 0 && patched('facts-first')

async function observeFacts(state: SubscriptionState): Promise<void> {
  const facts = state.facts.splice(0)
  const eventIds = freshEventIds(state.seen, state.seenBefore, facts)
  const within = traceOf(state, facts)
  try {
    if (eventIds.length > 0)
      await attempt(state, () =>
        within(() =>
          observeNow(state, eventIds, { joins: joinedBy(facts), types: typesOf(facts) }),
        ),
      )
    if (facts.some((fact) => fact.kind === 'thresholdCrossed'))
      await attempt(state, () => within(() => reportThresholds(state)))
  } catch (error) {
    if (hasGivenWay()) state.facts.unshift(...facts)
    throw error
  }
}

/** Frees the user if nothing was begun, and answers every caller. */
async function finish({ state, commands, hasTried }: Run): Promise<void> {
  if (state.view === null && hasTried)
    await abandon({ subscriptionId: state.subscriptionId, at: now() })
  for (const command of commands.splice(0)) command.fail(overFailure())
  await condition(allHandlersFinished)
}

/** The start of the present period. As a number, because older code wrote the same instant in more letters. */
const periodOf = ({ view }: SubscriptionState): number | null =>
  view?.periodStart === undefined ? null : Date.parse(view.periodStart)

function continueAsNew(state: SubscriptionState): Promise<never> {
  const { targetWorkerDeploymentVersionChanged } = workflowInfo()
  const { view } = state
  return makeContinueAsNewFunc<typeof Subscription>({
    ...(view && { typedSearchAttributes: initialSearchAttributesOf(state.userId, view) }),
    ...(targetWorkerDeploymentVersionChanged && {
      initialVersioningBehavior: 'AUTO_UPGRADE' as const,
    }),
  })({ ...stateForNextRun(state, Date.now()), view: view && briefViewOf(view) })
}
