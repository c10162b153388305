import { ApplicationFailure, currentUpdateInfo } from '@temporalio/workflow'
import { allows, type Command } from '../domain/subscription/commands.ts'
import { COMMAND_NOT_ALLOWED, STEP_FAILED, SUBSCRIPTION_OVER, type Answer } from './contract.ts'
import { isOver, remember, type SubscriptionState } from './subscription-state.ts'
import { now } from './subscription-steps.ts'
import { presentThread } from './thread.ts'

/** A command that waits for its turn in the main loop. */
export type QueuedCommand = {
  readonly perform: () => Promise<void>
  readonly fail: (error: unknown) => void
}

/** The queue of commands, as the update handlers see it. */
export type Turn = {
  /** Waits for the main loop to run `perform`, and returns its result. */
  readonly queue: <T>(perform: () => Promise<T>) => Promise<T>
  /** Runs a command in its turn, and gives a repeat the first answer: Temporal knows an update's id for one run only. */
  readonly command: <T extends Answer>(perform: () => Promise<T>) => Promise<T>
  /** Runs a command in its turn, if the status allows it by then. */
  readonly allowed: <T extends Answer>(command: Command, perform: () => Promise<T>) => Promise<T>
  /** The validator of a command: refuses what the status does not allow now. @throws ApplicationFailure */
  readonly validate: (command: Command) => void
}

/** @param isStepping whether a step is under way, whose result is not stored here yet. */
export function createTurn(
  state: SubscriptionState,
  commands: QueuedCommand[],
  isStepping: () => boolean,
): Turn {
  const queue: Turn['queue'] = (perform) =>
    new Promise((answer, refuse) => {
      const fail = (cause: unknown) => refuse(failureOf(cause))
      const within = presentThread()
      commands.push({ perform: () => within(() => perform().then(answer)), fail })
    })
  const command: Turn['command'] = <T extends Answer>(perform: () => Promise<T>) => {
    const commandId = currentUpdateInfo()?.id ?? ''
    return queue(async () => {
      const known = state.answers.find((each) => each.commandId === commandId)
      // The same id is the same command: the API refuses a key that comes with another request.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (known !== undefined) return known.answer as T
      const answer = await perform()
      remember(state, { commandId, answer, at: now() })
      return answer
    })
  }
  /** During a step the new status is not known here yet, and a repeat was accepted before: both are decided in turn. */
  const isDecidedInTurn = () => {
    const commandId = currentUpdateInfo()?.id
    return isStepping() || state.answers.some((each) => each.commandId === commandId)
  }
  return {
    queue,
    command,
    allowed: (name, perform) =>
      command(() => {
        refuseUnlessAllowed(state, name)
        return perform()
      }),
    validate: (name) => {
      if (!isDecidedInTurn()) refuseUnlessAllowed(state, name)
    },
  }
}

function refuseUnlessAllowed(state: SubscriptionState, command: Command): void {
  refuseWhenOver(state)
  const status = state.view?.status
  if (status === undefined || !allows(command, status))
    throw ApplicationFailure.nonRetryable(
      `a subscription that is ${status ?? 'not begun'} does not allow this`,
      COMMAND_NOT_ALLOWED,
    )
}

/** @throws ApplicationFailure `subscription_over` */
export function refuseWhenOver(state: SubscriptionState): void {
  if (isOver(state)) throw isOverFailure()
}

export const isOverFailure = () =>
  ApplicationFailure.nonRetryable('the subscription is over', SUBSCRIPTION_OVER)

/** The failure of an update: our refusals as they are, anything else as a step that failed. */
const failureOf = (cause: unknown): ApplicationFailure =>
  cause instanceof ApplicationFailure
    ? cause
    : ApplicationFailure.create({
        type: STEP_FAILED,
        nonRetryable: true,
        message: cause instanceof Error ? cause.message : String(cause),
        ...(cause instanceof Error && { cause }),
      })
