import { ApplicationFailure, currentUpdateInfo, setHandler } from '@temporalio/workflow'
import { allows, type Move } from '../domain/moves.ts'
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
} from './contract.ts'
import { isOver, leave, remember, type SubscriptionState } from './subscription-state.ts'
import { buy, moveCancellation, now, observeNow } from './subscription-steps.ts'

/** A request that waits for its turn in the main loop. */
export type Command = {
  readonly perform: () => Promise<void>
  readonly fail: (error: unknown) => void
}

/** Registers all that the workflow can be asked and told. Nothing here awaits a step: handlers queue. */
export function listen(state: SubscriptionState, commands: Command[]): void {
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
      remember(state, { commandId, answer, at: now() })
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

export const isOverFailure = () =>
  ApplicationFailure.nonRetryable('the subscription is over', SUBSCRIPTION_OVER)

function refuseWhenOver(state: SubscriptionState): void {
  if (isOver(state)) throw isOverFailure()
}

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
