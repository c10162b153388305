import type { UpdateDefinition } from '@temporalio/common'
import { ApplicationFailure, currentUpdateInfo, setHandler } from '@temporalio/workflow'
import { allows, type Command } from '../domain/subscription/commands.ts'
import {
  cancel,
  changePlan,
  checkout,
  endTrial,
  extendTrial,
  fact,
  forceCancel,
  grant,
  COMMAND_NOT_ALLOWED,
  pause,
  REQUEST_INVALID,
  resume,
  state as stateQuery,
  STEP_FAILED,
  SUBSCRIPTION_OVER,
  sync,
  withdrawCancellation,
  withdrawPlanChange,
  type Answer,
  type Requester,
  type Fact,
  type CommandAnswer,
  type OperatorRequest,
} from './contract.ts'
import {
  changePlan as toPlan,
  changeTrial,
  forceCancellation,
  grantUsage,
  pause as pauseNow,
  resume as resumeNow,
} from './effects.ts'
import { wrongGrant, wrongRequest } from './operator-requests.ts'
import { isOver, leave, remember, type SubscriptionState } from './subscription-state.ts'
import {
  buy,
  carryOut,
  moveCancellation,
  now,
  observeNow,
  withdrawPending,
} from './subscription-steps.ts'
import { presentThread } from './thread.ts'

/** A request that waits for its turn in the main loop. */
export type QueuedCommand = {
  readonly perform: () => Promise<void>
  readonly fail: (error: unknown) => void
}

/** Registers all that the workflow can be asked and told. Nothing here awaits a step: handlers queue. */
export function listen(
  state: SubscriptionState,
  commands: QueuedCommand[],
  isMoving: () => boolean,
): void {
  const queue = <T>(perform: () => Promise<T>): Promise<T> =>
    new Promise<T>((answer, refuse) => {
      const fail = (cause: unknown) => refuse(failureOf(cause))
      const within = presentThread()
      commands.push({ perform: () => within(() => perform().then(answer)), fail })
    })
  const refuseUnless = (move: Command) => {
    refuseWhenOver(state)
    const status = state.view?.status
    if (status === undefined || !allows(move, status))
      throw ApplicationFailure.nonRetryable(
        `a subscription that is ${status ?? 'not begun'} does not allow this`,
        COMMAND_NOT_ALLOWED,
      )
  }
  /** While a step is under way its outcome may be known outside and not here yet, and a repeat was let in before. */
  const decidesInTurn = () => {
    const commandId = currentUpdateInfo()?.id
    return isMoving() || state.answers.some((each) => each.commandId === commandId)
  }
  const inTurn = <T>(move: Command, perform: () => Promise<T>): Promise<T> => {
    refuseUnless(move)
    return perform()
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

  const take = (told: Fact) => {
    state.facts.push(told)
    state.threads.set(told, presentThread())
  }
  setHandler(fact, take, {
    description: 'Something happened elsewhere: Stripe is read again.',
  })
  setHandler(stateQuery, () => leave(state), { description: 'All that this run knows.' })
  setHandler(sync, () => queue(() => observeNow(state, [])), {
    validator: () => (decidesInTurn() ? undefined : refuseUnless('sync')),
    description: 'Reads Stripe now and takes over what it says.',
  })
  setHandler(checkout, (request) => command(() => buy(state, request)), {
    validator: (_request) => refuseWhenOver(state),
    description: 'Opens a page to pay on.',
  })
  const onCommand = <Request extends Requester>(
    update: UpdateDefinition<CommandAnswer, [Request]>,
    { move, perform, description }: MoveHandler<Request>,
  ) =>
    setHandler(update, (request) => command(() => inTurn(move, () => perform(request))), {
      validator: (_request) => (decidesInTurn() ? undefined : refuseUnless(move)),
      description,
    })

  onCommand(cancel, {
    move: 'cancel',
    perform: ({ when, actor }) => moveCancellation(state, when, actor),
    description: 'Ends the subscription now, at the end of its period, or on a day.',
  })
  onCommand(withdrawCancellation, {
    move: 'withdrawCancellation',
    perform: ({ actor }) => moveCancellation(state, null, actor),
    description: 'Takes a scheduled cancellation back.',
  })
  onCommand(changePlan, {
    move: 'changePlan',
    perform: (request) =>
      carryOut(state, (order) =>
        toPlan.executeWithOptions({ summary: `${request.when}, by ${request.actor}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Moves to another plan, now or at the end of the period.',
  })
  onCommand(withdrawPlanChange, {
    move: 'withdrawPlanChange',
    perform: ({ actor }) => withdrawPending(state, actor),
    description: 'Takes a pending change of plan back.',
  })
  onCommand(pause, {
    move: 'pause',
    perform: (request) =>
      carryOut(state, (order) =>
        pauseNow.executeWithOptions({ summary: `until ${request.resumesAt ?? 'it is resumed'}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Stops access and bills, until it is resumed or a day has come.',
  })
  onCommand(resume, {
    move: 'resume',
    perform: ({ actor }) => carryOut(state, (order) => resumeNow({ ...order, actor })),
    description: 'Lets a paused subscription go on.',
  })
  onCommand(extendTrial, {
    move: 'extendTrial',
    perform: (request) =>
      carryOut(state, (order) =>
        changeTrial.executeWithOptions({ summary: `to ${request.endsAt}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Moves the end of the trial.',
  })
  onCommand(endTrial, {
    move: 'endTrial',
    perform: ({ actor }) =>
      carryOut(state, (order) => changeTrial({ ...order, actor, endsAt: null })),
    description: 'Ends the trial now: the first period begins and is charged.',
  })

  /** What operators ask for also names its reason, and is looked at before it waits for its turn. */
  const onOperator = <Result extends Answer, Request extends OperatorRequest>(
    update: UpdateDefinition<Result, [Request]>,
    { move, wrong, perform, description }: OperatorHandler<Result, Request>,
  ) =>
    setHandler(
      update,
      (request) => {
        const commandId = currentUpdateInfo()?.id ?? ''
        return command(() => inTurn(move, () => perform(request, commandId)))
      },
      {
        validator: (request) => {
          refuseInvalid(wrong(request))
          if (!decidesInTurn()) refuseUnless(move)
        },
        description,
      },
    )

  onOperator(grant, {
    move: 'grant',
    wrong: wrongGrant,
    perform: ({ keyId = null, askedBy = null, expiresAt = null, ...asked }, commandId) => {
      const { feature, amount, reason } = asked
      const by = { keyId, askedBy, reason, at: now(), commandId }
      const { subscriptionId } = state
      return grantUsage({ ...by, subscriptionId, feature, amount, expiresAt })
    },
    description:
      'Tops the user up: {"feature": "messages_sent", "amount": 50, "reason": "…", "askedBy": "you"}, and "expiresAt" if it ends.',
  })
  onOperator(forceCancel, {
    move: 'forceCancel',
    wrong: wrongRequest,
    perform: ({ keyId = null, askedBy = null, reason }, commandId) =>
      carryOut(state, (order) =>
        forceCancellation({ ...order, reason, keyId, askedBy, commandId }),
      ),
    description:
      'Ends it now, whatever Stripe says: {"reason": "…", "askedBy": "you"}. For what can be canceled, `cancel` is kinder.',
  })
}

type OperatorHandler<Result, Request> = {
  readonly move: Command
  /** What is wrong with a request, in words; null when nothing is. */
  readonly wrong: (request: Request) => string | null
  readonly perform: (request: Request, commandId: string) => Promise<Result>
  readonly description: string
}

type MoveHandler<Request> = {
  readonly move: Command
  readonly perform: (request: Request) => Promise<CommandAnswer>
  readonly description: string
}

export const isOverFailure = () =>
  ApplicationFailure.nonRetryable('the subscription is over', SUBSCRIPTION_OVER)

function refuseInvalid(wrong: string | null): void {
  if (wrong !== null) throw ApplicationFailure.nonRetryable(wrong, REQUEST_INVALID)
}

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
