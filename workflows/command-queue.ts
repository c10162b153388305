import {
  ActivityFailure,
  ApplicationFailure,
  currentUpdateInfo,
  patched,
} from '@temporalio/workflow'
import { allows, type Command } from '../domain/subscription/commands.ts'
import {
  COMMAND_NOT_ALLOWED,
  DISCOUNT_REFUSED,
  STEP_FAILED,
  STEP_UNCONFIRMED,
  SUBSCRIPTION_OVER,
  type Answer,
} from './contract.ts'
import { hasGivenWay, isOutOfTime } from './give-way.ts'
import { isOver, rememberAnswer, type SubscriptionState } from './subscription-state.ts'
import { now } from './subscription-steps.ts'
import { presentTrace } from './trace-scope.ts'

/** A request that waits for its turn in the main loop. */
export type QueuedCommand = {
  readonly perform: () => Promise<void>
  readonly fail: (error: unknown) => void
  /** Whether it goes before all that are not urgent: operators use it when others are stuck. */
  readonly isUrgent: boolean
}

/** The parts of a run that message handlers need. */
export type Mailbox = {
  readonly state: SubscriptionState
  readonly commands: QueuedCommand[]
  /** Whether a step is running or facts wait, so that the subscription may change before a command's turn. */
  readonly isBusy: () => boolean
}

/** A command that is queued before all others that are not urgent. */
export const URGENT = true

/** Queues a step. The promise settles when the main loop has run it. */
export const enqueue = <T>(
  { commands }: Mailbox,
  perform: () => Promise<T>,
  isUrgent = false,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const fail = (cause: unknown) => reject(failureOf(cause))
    const within = presentTrace()
    const queued = { perform: () => within(() => perform().then(resolve)), fail, isUrgent }
    const after = commands.findIndex((each) => !each.isUrgent)
    // Runs of an earlier release kept the order of arrival.
    if (isUrgent && after >= 0 && patched('urgent-first')) commands.splice(after, 0, queued)
    else commands.push(queued)
  })

/**
 * Queues a command, which runs once per update id. A repeat gets the first answer: Temporal itself remembers an update's id
 * for one run only.
 */
export function enqueueOnce<T extends Answer>(
  mailbox: Mailbox,
  perform: () => Promise<T>,
  isUrgent = false,
): Promise<T> {
  const { state } = mailbox
  const commandId = updateId()
  return enqueue(
    mailbox,
    async () => {
      const known = state.answers.find((each) => each.commandId === commandId)
      // The same id is the same command: the API refuses a key that comes with another request.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (known !== undefined) return known.answer as T
      const answer = await perform()
      rememberAnswer(state, { commandId, answer, at: now() })
      return answer
    },
    isUrgent,
  )
}

/** The id of the update that is being handled: made from the caller's idempotency key, see `domain/keys.ts`. */
export const updateId = (): string => currentUpdateInfo()?.id ?? ''

/**
 * Refuses a command that the status does not allow. Called by the validator, unless the decision has to wait: the result of
 * a running step may be known outside already, and a repeat was accepted before.
 */
export function validateCommand({ state, isBusy }: Mailbox, command: Command): void {
  const isRepeat = state.answers.some(({ commandId }) => commandId === currentUpdateInfo()?.id)
  if (!isBusy() && !isRepeat) refuseUnlessAllowed(state, command)
}

/** @throws `subscription_over` or `move_not_allowed`, the failures' types. */
export function refuseUnlessAllowed(state: SubscriptionState, command: Command): void {
  refuseWhenOver(state)
  const status = state.view?.status
  if (status === undefined || !allows(command, status))
    throw ApplicationFailure.nonRetryable(
      `a subscription that is ${status ?? 'not begun'} does not allow this`,
      COMMAND_NOT_ALLOWED,
    )
}

/** @throws `subscription_over`. */
export function refuseWhenOver(state: SubscriptionState): void {
  if (isOver(state)) throw overFailure()
}

/** The failure `subscription_over` of a command to an ended subscription. It is not retried. */
export const overFailure = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('the subscription has ended', SUBSCRIPTION_OVER)

/** Why an activity failed for good: its own failure is only that it did. */
const refusalOfStep = (cause: unknown): ApplicationFailure | undefined =>
  cause instanceof ActivityFailure && cause.cause instanceof ApplicationFailure
    ? cause.cause
    : undefined

/** Our own refusals stay as they are. Any other error is a step that failed, or one that was not confirmed in time. */
function failureOf(cause: unknown): ApplicationFailure {
  if (cause instanceof ApplicationFailure) return cause
  const refusal = refusalOfStep(cause)
  const failed = refusal?.type === DISCOUNT_REFUSED ? DISCOUNT_REFUSED : STEP_FAILED
  return ApplicationFailure.create({
    type: hasGivenWay() || isOutOfTime(cause) ? STEP_UNCONFIRMED : failed,
    nonRetryable: true,
    message: refusal?.message ?? (cause instanceof Error ? cause.message : String(cause)),
    ...(cause instanceof Error && { cause }),
  })
}
