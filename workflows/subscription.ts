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
import { isOverFailure, listen, type QueuedCommand } from './subscription-messages.ts'
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

/** A workflow that was started and never told what for: its caller died in between and will start another. */
const IDLE_MAX = '1 hour'

/**
 * The life of one subscription. Handlers only queue; this loop alone awaits activities, so requests, facts and
 * timers meet in one order. See README.md for why it is safe to run twice.
 */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  const state = resume(input, attributesOfRun())
  const commands: QueuedCommand[] = []
  const alarm = new Alarm()
  /** The period in which this run began; the first run of all begins before any. */
  let periodOfRun = periodOf(state)
  let hasTried = false
  /** A step is under way: what it makes of the subscription is not known yet. */
  let isStepping = false
  listen(state, commands, () => isStepping || state.facts.length > 0)
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
  if (isOver(state) || state.view === null) return handOver(state, Date.now())
  return continueAsNew(state)

  async function live(): Promise<void> {
    // Facts that came while it ended are still taken in, so that the inbox knows them done.
    while (!isOver(state) || state.facts.length > 0) {
      // Before the alarm is set anew: a run that ends takes its timer with it, and starting another would cost an action.
      if (mayLeave()) break
      const { view } = state
      alarm.set(view?.due ? Date.parse(view.due.at) : undefined, view?.due?.what ?? '')
      const awake = () => commands.length > 0 || state.facts.length > 0 || alarm.rang
      if (view === null) await condition(() => awake() || mayLeave(), IDLE_MAX)
      else await condition(() => awake() || mayLeave())
      if (mayLeave() || !awake()) break
      isStepping = true
      await step()
      isStepping = false
    }
  }

  /** Nobody waits for an answer, and this run has nothing more to do; facts go along to the next one. */
  function mayLeave(): boolean {
    if (commands.length > 0 || !allHandlersFinished()) return false
    return state.view === null ? hasTried : isRunFinished()
  }

  /** A new period, or a history that has grown long, or newer code that waits: the next run takes over. */
  function isRunFinished(): boolean {
    const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
    const renewed = periodOfRun !== null && periodOf(state) !== periodOfRun
    return renewed || continueAsNewSuggested || targetWorkerDeploymentVersionChanged
  }

  /** One thing at a time: requests first, because somebody waits for them. */
  async function step(): Promise<void> {
    const command = isOver(state) ? undefined : commands.shift()
    if (command !== undefined) {
      await command.perform().catch((error: unknown) => command.fail(error))
    } else if (state.facts.length > 0) {
      const facts = state.facts.splice(0)
      const eventIds = freshEventIds(state.seen, state.seenBefore, facts)
      const within = threadOf(state, facts)
      if (eventIds.length > 0)
        await attempt(state, () =>
          within(() =>
            observeNow(state, eventIds, { joins: joinedBy(facts), types: typesOf(facts) }),
          ),
        )
      if (facts.some((fact) => fact.kind === 'thresholdCrossed'))
        await attempt(state, () => within(() => tellThresholds(state)))
    } else {
      await attempt(state, () => whatIsDue(state))
    }
    hasTried = true
    periodOfRun ??= periodOf(state)
    setCurrentDetails(operatorCard(state))
  }
}

/** When the present period began. As a number: older code wrote the same instant in more letters. */
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
