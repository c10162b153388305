import type { UpdateDefinition } from '@temporalio/common'
import { ApplicationFailure, setHandler } from '@temporalio/workflow'
import type { Command } from '../domain/subscription/commands.ts'
import {
  URGENT,
  enqueueOnce,
  refuseUnlessAllowed,
  updateId,
  validateCommand,
  type Mailbox,
} from './command-queue.ts'
import {
  changeCollection,
  forceCancel,
  grant,
  REQUEST_INVALID,
  type Answer,
  type GrantRequest,
  type OperatorRequest,
} from './contract.ts'
import * as effects from './effects.ts'
import { wrongCollection, wrongGrant, wrongRequest } from './operator-requests.ts'
import { carryOut, now } from './subscription-steps.ts'

/** Registers the updates that only operators send: over HTTP, or from Temporal's UI. */
export function listenToOperators(mailbox: Mailbox): void {
  const { state } = mailbox
  onOperator(mailbox, grant, {
    command: 'grant',
    wrong: wrongGrant,
    perform: (request, commandId) => grantNow(state.subscriptionId, request, commandId),
    description:
      'Grants more of a feature: {"feature": "messages_sent", "amount": 50, "reason": "…", "askedBy": "you"}, and "expiresAt" if it expires.',
  })
  onOperator(mailbox, changeCollection, {
    command: 'changeCollection',
    wrong: wrongCollection,
    perform: ({ terms, keyId = null, askedBy = null, reason }, commandId) =>
      carryOut(state, (order) =>
        effects.changeCollection({ ...order, terms, reason, keyId, askedBy, commandId }),
      ),
    description:
      'Sends invoices: {"terms": {"daysUntilDue": 30, "poNumber": null}, "reason": "…", "askedBy": "you"}. Terms of null charge automatically.',
  })
  onOperator(mailbox, forceCancel, {
    command: 'forceCancel',
    isUrgent: URGENT,
    wrong: wrongRequest,
    perform: ({ keyId = null, askedBy = null, reason }, commandId) =>
      carryOut(state, (order) =>
        effects.forceCancellation({ ...order, reason, keyId, askedBy, commandId }),
      ),
    description:
      'Ends it now, even if Stripe refuses: {"reason": "…", "askedBy": "you"}. Prefer `cancel` wherever it works.',
  })
}

type OperatorHandler<Result, Request> = {
  readonly command: Command
  /** The mistake in a request, in words; null when it is valid. */
  readonly wrong: (request: Request) => string | null
  readonly perform: (request: Request, commandId: string) => Promise<Result>
  readonly description: string
  readonly isUrgent?: boolean
}

/** Like a command of a user, with a reason. An invalid request is refused before it is queued. */
function onOperator<Result extends Answer, Request extends OperatorRequest>(
  mailbox: Mailbox,
  update: UpdateDefinition<Result, [Request]>,
  { command, wrong, perform, description, isUrgent = false }: OperatorHandler<Result, Request>,
): void {
  const handle = (request: Request) => {
    const commandId = updateId()
    return enqueueOnce(
      mailbox,
      () => {
        refuseUnlessAllowed(mailbox.state, command)
        return perform(request, commandId)
      },
      isUrgent,
    )
  }
  const validator = (request: Request) => {
    refuseInvalid(wrong(request))
    validateCommand(mailbox, command)
  }
  setHandler(update, handle, { validator, description })
}

function refuseInvalid(wrong: string | null): void {
  if (wrong !== null) throw ApplicationFailure.nonRetryable(wrong, REQUEST_INVALID)
}

const grantNow = (subscriptionId: string, request: GrantRequest, commandId: string) =>
  effects.grantUsage({
    subscriptionId,
    at: now(),
    commandId,
    reason: request.reason,
    keyId: request.keyId ?? null,
    askedBy: request.askedBy ?? null,
    feature: request.feature,
    amount: request.amount,
    expiresAt: request.expiresAt ?? null,
  })
