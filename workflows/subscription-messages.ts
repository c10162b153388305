import type { UpdateDefinition } from '@temporalio/common'
import { ApplicationFailure, currentUpdateInfo, setHandler } from '@temporalio/workflow'
import type { Command } from '../domain/subscription/commands.ts'
import {
  cancel,
  changePlan,
  checkout,
  endTrial,
  extendTrial,
  fact,
  forceCancel,
  grant,
  pause,
  REQUEST_INVALID,
  resume,
  state as stateQuery,
  sync,
  withdrawCancellation,
  withdrawPlanChange,
  type Answer,
  type CommandAnswer,
  type Fact,
  type OperatorRequest,
  type Requester,
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
import { leave, type SubscriptionState } from './subscription-state.ts'
import {
  buy,
  carryOut,
  moveCancellation,
  now,
  observeNow,
  withdrawPending,
} from './subscription-steps.ts'
import { createTurn, refuseWhenOver, type QueuedCommand, type Turn } from './subscription-turn.ts'
import { presentThread } from './thread.ts'

/** Registers all updates, the signal and the query. No handler awaits a step: handlers queue. */
export function listen(
  state: SubscriptionState,
  commands: QueuedCommand[],
  isStepping: () => boolean,
): void {
  const turn = createTurn(state, commands, isStepping)
  const receive = (received: Fact) => {
    state.facts.push(received)
    state.threads.set(received, presentThread())
  }
  setHandler(fact, receive, {
    description: 'Something happened elsewhere. The workflow reads Stripe again.',
  })
  setHandler(stateQuery, () => leave(state), { description: 'Everything that this run knows.' })
  setHandler(sync, () => turn.queue(() => observeNow(state, [])), {
    validator: () => turn.validate('sync'),
    description: 'Reads Stripe now and applies its state.',
  })
  setHandler(checkout, (request) => turn.command(() => buy(state, request)), {
    validator: (_request) => refuseWhenOver(state),
    description: 'Opens a payment page.',
  })
  listenForCancellation(turn, state)
  listenForPlanChange(turn, state)
  listenForPauseAndTrial(turn, state)
  listenForOperators(turn, state)
}

type CommandHandler<Request> = {
  readonly command: Command
  readonly perform: (request: Request) => Promise<CommandAnswer>
  readonly description: string
}

const onCommand = <Request extends Requester>(
  turn: Turn,
  update: UpdateDefinition<CommandAnswer, [Request]>,
  { command, perform, description }: CommandHandler<Request>,
) =>
  setHandler(update, (request) => turn.allowed(command, () => perform(request)), {
    validator: (_request) => turn.validate(command),
    description,
  })

function listenForCancellation(turn: Turn, state: SubscriptionState): void {
  onCommand(turn, cancel, {
    command: 'cancel',
    perform: ({ when, actor }) => moveCancellation(state, when, actor),
    description: 'Ends the subscription now, at the end of its period, or at an instant.',
  })
  onCommand(turn, withdrawCancellation, {
    command: 'withdrawCancellation',
    perform: ({ actor }) => moveCancellation(state, null, actor),
    description: 'Withdraws a scheduled cancellation.',
  })
}

function listenForPlanChange(turn: Turn, state: SubscriptionState): void {
  onCommand(turn, changePlan, {
    command: 'changePlan',
    perform: (request) =>
      carryOut(state, (order) =>
        toPlan.executeWithOptions({ summary: `${request.when}, by ${request.actor}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Changes the plan, now or at the end of the period.',
  })
  onCommand(turn, withdrawPlanChange, {
    command: 'withdrawPlanChange',
    perform: ({ actor }) => withdrawPending(state, actor),
    description: 'Withdraws a pending plan change.',
  })
}

function listenForPauseAndTrial(turn: Turn, state: SubscriptionState): void {
  onCommand(turn, pause, {
    command: 'pause',
    perform: (request) =>
      carryOut(state, (order) =>
        pauseNow.executeWithOptions({ summary: `until ${request.resumesAt ?? 'it is resumed'}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Stops access and invoices until the subscription is resumed.',
  })
  onCommand(turn, resume, {
    command: 'resume',
    perform: ({ actor }) => carryOut(state, (order) => resumeNow({ ...order, actor })),
    description: 'Resumes a paused subscription.',
  })
  onCommand(turn, extendTrial, {
    command: 'extendTrial',
    perform: (request) =>
      carryOut(state, (order) =>
        changeTrial.executeWithOptions({ summary: `to ${request.endsAt}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Moves the end of the trial.',
  })
  onCommand(turn, endTrial, {
    command: 'endTrial',
    perform: ({ actor }) =>
      carryOut(state, (order) => changeTrial({ ...order, actor, endsAt: null })),
    description: 'Ends the trial now. The first period begins and is charged.',
  })
}

type OperatorHandler<Result, Request> = {
  readonly command: Command
  /** Describes what is wrong with a request; null when it is valid. */
  readonly wrong: (request: Request) => string | null
  readonly perform: (request: Request, commandId: string) => Promise<Result>
  readonly description: string
}

/** Operators write requests by hand in the Temporal UI, so the request itself is validated, too. */
const onOperator = <Result extends Answer, Request extends OperatorRequest>(
  turn: Turn,
  update: UpdateDefinition<Result, [Request]>,
  { command, wrong, perform, description }: OperatorHandler<Result, Request>,
) =>
  setHandler(
    update,
    (request) => {
      const commandId = currentUpdateInfo()?.id ?? ''
      return turn.allowed(command, () => perform(request, commandId))
    },
    {
      validator: (request) => {
        refuseInvalid(wrong(request))
        turn.validate(command)
      },
      description,
    },
  )

function refuseInvalid(wrong: string | null): void {
  if (wrong !== null) throw ApplicationFailure.nonRetryable(wrong, REQUEST_INVALID)
}

function listenForOperators(turn: Turn, state: SubscriptionState): void {
  onOperator(turn, grant, {
    command: 'grant',
    wrong: wrongGrant,
    perform: ({ keyId = null, askedBy = null, expiresAt = null, ...given }, commandId) => {
      const { feature, amount, reason } = given
      const by = { keyId, askedBy, reason, at: now(), commandId }
      const { subscriptionId } = state
      return grantUsage({ ...by, subscriptionId, feature, amount, expiresAt })
    },
    description:
      'Grants more usage: {"feature": "messages_sent", "amount": 50, "reason": "…", "askedBy": "you"}, and "expiresAt" if it ends.',
  })
  onOperator(turn, forceCancel, {
    command: 'forceCancel',
    wrong: wrongRequest,
    perform: ({ keyId = null, askedBy = null, reason }, commandId) =>
      carryOut(state, (order) =>
        forceCancellation({ ...order, reason, keyId, askedBy, commandId }),
      ),
    description:
      'Ends it now, whatever Stripe says: {"reason": "…", "askedBy": "you"}. Use `cancel` where it works.',
  })
}
