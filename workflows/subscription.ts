import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import { Alarm } from './alarm.ts'
import type { SubscriptionInput } from './contract.ts'
import { abandon } from './effects.ts'
import { operatorCard } from './operator-card.ts'
import { attributesOfRun, initialSearchAttributesOf } from './search-attributes.ts'
import { freshEventIds, typesOf } from './seen-events.ts'
import { listen } from './subscription-messages.ts'
import {
  brief,
  isOver,
  handOver,
  joinedBy,
  resume,
  threadOf,
  type SubscriptionState,
} from './subscription-state.ts'
import {
  attempt,
  endNow,
  now,
  observeNow,
  tellThresholds,
  whatIsDue,
} from './subscription-steps.ts'
import { isOverFailure, type QueuedCommand } from './subscription-turn.ts'

/** A workflow without a first command ends after this time: its caller died in between and will start another. */
const IDLE_MAX = '1 hour'

/** What one run keeps in memory. */
type Run = {
  readonly state: SubscriptionState
  readonly commands: QueuedCommand[]
  readonly alarm: Alarm
  /** The period in which this run began; null in the first run until a period begins. */
  periodOfRun: number | null
  hasTried: boolean
  /** A step is under way, whose result is not known yet. */
  isStepping: boolean
}

/**
 * The life of one subscription. Handlers only queue; the loop alone awaits activities, so commands, facts and timers meet
 * in one order. README.md explains why it is safe to run twice.
 */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  const state = resume(input, attributesOfRun())
  const commands: QueuedCommand[] = []
  const alarm = new Alarm()
  const periodOfRun = periodOf(state)
  const run: Run = { state, commands, alarm, periodOfRun, hasTried: false, isStepping: false }
  listen(state, commands, () => run.isStepping || state.facts.length > 0)
  setCurrentDetails(operatorCard(state))

  let canceled: unknown
  try {
    await live(run)
  } catch (error) {
    if (!isCancellation(error)) throw error
    canceled = error
    // A workflow canceled in the Temporal UI no longer follows the subscription, so Stripe must stop collecting.
    await CancellationScope.nonCancellable(() => endNow(state))
  }
  if (state.view === null && run.hasTried)
    await CancellationScope.nonCancellable(() =>
      abandon({ subscriptionId: state.subscriptionId, at: now() }),
    )
  for (const command of commands.splice(0)) command.fail(isOverFailure())
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  if (canceled !== undefined) throw canceled
  if (isOver(state) || state.view === null) return handOver(state, Date.now())
  return continueAsNew(state)
}

async function live(run: Run): Promise<void> {
  const { state, commands, alarm } = run
  // Facts that arrive while the subscription ends are still processed, so that the inbox marks them as done.
  while (!isOver(state) || state.facts.length > 0) {
    // Checked before the alarm is set: the end of a run cancels its timer, and a new timer would cost an Action.
    if (mayLeave(run)) break
    const { view } = state
    alarm.set(view?.due ? Date.parse(view.due.at) : undefined, view?.due?.what ?? '')
    const awake = () => commands.length > 0 || state.facts.length > 0 || alarm.rang
    if (view === null) await condition(() => awake() || mayLeave(run), IDLE_MAX)
    else await condition(() => awake() || mayLeave(run))
    if (mayLeave(run) || !awake()) break
    run.isStepping = true
    await step(run)
    run.isStepping = false
  }
}

/** No caller is waiting and this run has no work left; facts go to the next run. */
function mayLeave({ state, commands, hasTried, periodOfRun }: Run): boolean {
  if (commands.length > 0 || !allHandlersFinished()) return false
  return state.view === null ? hasTried : isRunFinished(state, periodOfRun)
}

/** The next run takes over with a new period, when the history is long, or when newer code waits. */
function isRunFinished(state: SubscriptionState, periodOfRun: number | null): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
  const renewed = periodOfRun !== null && periodOf(state) !== periodOfRun
  return renewed || continueAsNewSuggested || targetWorkerDeploymentVersionChanged
}

/** One step at a time. Commands come first, because their callers wait. */
async function step(run: Run): Promise<void> {
  const { state, commands } = run
  const command = isOver(state) ? undefined : commands.shift()
  if (command !== undefined) {
    await command.perform().catch((error: unknown) => command.fail(error))
  } else if (state.facts.length > 0) {
    await processFacts(state)
  } else {
    await attempt(state, () => whatIsDue(state))
  }
  run.hasTried = true
  run.periodOfRun ??= periodOf(state)
  setCurrentDetails(operatorCard(state))
}

/** Processes all facts that have arrived, with one reading of Stripe. */
async function processFacts(state: SubscriptionState): Promise<void> {
  const facts = state.facts.splice(0)
  const eventIds = freshEventIds(state.seen, state.seenBefore, facts)
  const within = threadOf(state, facts)
  if (eventIds.length > 0)
    await attempt(state, () =>
      within(() => observeNow(state, eventIds, { joins: joinedBy(facts), types: typesOf(facts) })),
    )
  if (facts.some((fact) => fact.kind === 'thresholdCrossed'))
    await attempt(state, () => within(() => tellThresholds(state)))
}

/** The start of the current period, as a number: older code wrote the same instant with milliseconds. */
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
  })({ ...handOver(state, Date.now()), view: view && brief(view) })
}
