import type { UpdateDefinition } from '@temporalio/common'
import { setHandler } from '@temporalio/workflow'
import type { Command } from '../domain/subscription/commands.ts'
import {
  URGENT,
  enqueue,
  enqueueOnce,
  refuseUnlessAllowed,
  refuseWhenOver,
  validateCommand,
  type Mailbox,
} from './command-queue.ts'
import {
  cancel,
  changePlan,
  checkout,
  endTrial,
  extendTrial,
  fact,
  pause,
  resume,
  state as stateQuery,
  sync,
  withdrawCancellation,
  withdrawPlanChange,
  type CommandAnswer,
  type Fact,
  type Requester,
} from './contract.ts'
import * as effects from './effects.ts'
import { listenToOperators } from './operator-messages.ts'
import { describeState } from './subscription-state.ts'
import {
  carryOut,
  changeCancellation,
  observeNow,
  startCheckout,
  withdrawPending,
} from './subscription-steps.ts'
import { presentTrace } from './trace-scope.ts'

/** Registers all signals, queries and updates. Handlers only queue; the main loop runs the steps. */
export function listen(mailbox: Mailbox): void {
  const { state } = mailbox
  setHandler(fact, (received) => receiveFact(mailbox, received), {
    description: 'Something happened elsewhere: Stripe is read again.',
  })
  setHandler(stateQuery, () => describeState(state), {
    description: 'Everything that this run knows.',
  })
  setHandler(sync, () => enqueue(mailbox, () => observeNow(state, []), URGENT), {
    validator: () => validateCommand(mailbox, 'sync'),
    description: 'Reads Stripe now and applies its snapshot.',
  })
  setHandler(checkout, (request) => enqueueOnce(mailbox, () => startCheckout(state, request)), {
    validator: (_request) => refuseWhenOver(state),
    description: 'Starts a free plan, or opens a payment page.',
  })
  listenToCancellations(mailbox)
  listenToPlanChanges(mailbox)
  listenToPauses(mailbox)
  listenToTrials(mailbox)
  listenToOperators(mailbox)
}

function receiveFact({ state }: Mailbox, received: Fact): void {
  state.facts.push(received)
  state.threads.set(received, presentTrace())
}

type CommandHandler<Request> = {
  readonly command: Command
  readonly perform: (request: Request) => Promise<CommandAnswer>
  readonly description: string
}

/** Registers one command. It is refused by its validator, or again when its turn comes. */
function onCommand<Request extends Requester>(
  mailbox: Mailbox,
  update: UpdateDefinition<CommandAnswer, [Request]>,
  { command, perform, description }: CommandHandler<Request>,
): void {
  const inTurn = (request: Request) => {
    refuseUnlessAllowed(mailbox.state, command)
    return perform(request)
  }
  setHandler(update, (request) => enqueueOnce(mailbox, () => inTurn(request)), {
    validator: (_request) => validateCommand(mailbox, command),
    description,
  })
}

function listenToCancellations(mailbox: Mailbox): void {
  const { state } = mailbox
  onCommand(mailbox, cancel, {
    command: 'cancel',
    perform: (request) => changeCancellation(state, request.when, request),
    description: 'Cancels the subscription now, at the end of its period, or at an instant.',
  })
  onCommand(mailbox, withdrawCancellation, {
    command: 'withdrawCancellation',
    perform: (request) => changeCancellation(state, null, request),
    description: 'Withdraws a scheduled cancellation.',
  })
}

function listenToPlanChanges(mailbox: Mailbox): void {
  const { state } = mailbox
  onCommand(mailbox, changePlan, {
    command: 'changePlan',
    perform: (request) =>
      carryOut(state, (order) =>
        effects.changePlan.executeWithOptions({ summary: `${request.when}, by ${request.actor}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Changes the plan now, or at the end of the period.',
  })
  onCommand(mailbox, withdrawPlanChange, {
    command: 'withdrawPlanChange',
    perform: (request) => withdrawPending(state, request),
    description: 'Withdraws a pending change of plan.',
  })
}

function listenToPauses(mailbox: Mailbox): void {
  const { state } = mailbox
  onCommand(mailbox, pause, {
    command: 'pause',
    perform: (request) =>
      carryOut(state, (order) =>
        effects.pause.executeWithOptions(
          { summary: `until ${request.resumesAt ?? 'it is resumed'}` },
          [{ ...order, ...request }],
        ),
      ),
    description: 'Stops access and charges until it is resumed, by a command or at an instant.',
  })
  onCommand(mailbox, resume, {
    command: 'resume',
    perform: (request) => carryOut(state, (order) => effects.resume({ ...order, ...request })),
    description: 'Resumes a paused subscription.',
  })
}

function listenToTrials(mailbox: Mailbox): void {
  const { state } = mailbox
  onCommand(mailbox, extendTrial, {
    command: 'extendTrial',
    perform: (request) =>
      carryOut(state, (order) =>
        effects.changeTrial.executeWithOptions({ summary: `to ${request.endsAt}` }, [
          { ...order, ...request },
        ]),
      ),
    description: 'Changes the end of the trial.',
  })
  onCommand(mailbox, endTrial, {
    command: 'endTrial',
    perform: (request) =>
      carryOut(state, (order) => effects.changeTrial({ ...order, ...request, endsAt: null })),
    description: 'Ends the trial now: the first period starts and is charged.',
  })
}
