import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { userCommandKey } from '../../domain/keys.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { factsOf } from '../../domain/subscription/timeline.ts'
import { viewOfSubscription } from '../../domain/subscription/view.ts'
import type { OperatorActionKind } from '../../domain/usage/extras.ts'
import type { CommandAnswer, CommandRefusal, Requester } from '../../workflows/contract.ts'
import { hasScope, type Caller } from '../auth/caller.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import {
  answerOnce,
  idempotencyHeader,
  problemAnswer,
  type Answer,
  type Attempt,
} from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses, USER_PROBLEMS, type FieldError, type ProblemCode } from '../problem.ts'
import { refusalOf, SUBSCRIPTION_ENDED } from './refusal.ts'
import { subscriptionSchema } from './view.ts'
import { createRoute } from '../route.ts'

/** The path of one subscription. */
export const subscriptionParameters = z.object({
  id: z.uuid().describe('The id of the subscription.'),
})

type Described<Path extends string> = {
  readonly operationId: string
  /** The user by default. */
  readonly callers?: 'user' | 'operatorForUser'
  readonly path: Path
  readonly summary: string
  readonly description?: string
}

/** Every command answers with the subscription after it. */
export const commandResponses = {
  200: {
    description: 'The subscription as it is now.',
    content: jsonContent(subscriptionSchema),
  },
  ...problemResponses(
    'malformed_json',
    'subscription_not_found',
    'subscription_over',
    'move_not_allowed',
    'nothing_to_withdraw',
    'moved_on',
    'offer_ends',
    'plan_unclear',
    'addon_does_not_fit',
    'grows_in_trial',
    'quantity_in_use',
    'downgrade_not_now',
    'payment_pending',
    'payment_method_required',
    'payment_processing',
    'pays_by_invoice',
    'collection_paused',
    'checkout_already_paid',
    'idempotency_key_reused',
    'payment_provider_rejected',
    'payment_provider_unconfirmed',
    'workflow_unavailable',
    ...USER_PROBLEMS,
  ),
}

/** A PUT that sends a command. */
export const commandRoute = <Path extends string, Body extends z.ZodType>({
  body,
  callers = 'user',
  ...described
}: Described<Path> & { readonly body: Body }) =>
  createRoute({
    ...described,
    callers,
    method: 'put',
    tags: ['Subscriptions'],
    request: {
      headers: idempotencyHeader,
      params: subscriptionParameters,
      body: jsonBody(body),
    },
    responses: commandResponses,
  })

/** A DELETE that withdraws or ends what the PUT of the same path began. */
export const withdrawalRoute = <Path extends string>({
  callers = 'user',
  ...described
}: Described<Path>) =>
  createRoute({
    ...described,
    callers,
    method: 'delete',
    tags: ['Subscriptions'],
    request: { headers: idempotencyHeader, params: subscriptionParameters },
    responses: commandResponses,
  })

/** A refused command. */
export type Refusal = {
  readonly code: ProblemCode
  readonly detail: string
  readonly errors?: FieldError[]
}

/** The action that is recorded if an operator sends the command. */
const ACTIONS = {
  cancel: 'cancel',
  'withdraw-cancellation': 'withdraw_cancellation',
  'change-plan': 'change_plan',
  'change-items': 'change_items',
  'withdraw-plan-change': 'withdraw_plan_change',
  pause: 'pause',
  resume: 'resume',
  'extend-trial': 'extend_trial',
  'end-trial': 'end_trial',
  sync: 'sync',
} as const satisfies Record<string, OperatorActionKind>

/** The workflow and the id of the command: the same id is the same command. */
type Target = { readonly subscriptionId: string; readonly commandId: string }

/** A command of a request, and how it is sent. */
export type CommandCall = {
  /** The request that the idempotency key belongs to, besides the subscription. */
  readonly request: { readonly operation: keyof typeof ACTIONS } & Record<string, unknown>
  /**
   * Sends the command to the workflow, or refuses it without the workflow.
   * @param own the subscription as it was last committed.
   */
  readonly send: (
    command: { readonly target: Target; readonly by: Requester },
    own: Subscription,
  ) => Promise<WorkflowReply<CommandAnswer> | Refusal>
}

/** A request whose route has validated the path and the idempotency key. */
type CommandContext = Context<
  ApiEnvironment,
  string,
  {
    out: {
      param: z.infer<typeof subscriptionParameters>
      header: z.infer<typeof idempotencyHeader>
    }
  }
>

/** Sends a command to the workflow of the user's own subscription, once per key, and answers the request. */
export async function answerCommand(
  c: CommandContext,
  dependencies: ApiDependencies,
  { send, request }: CommandCall,
) {
  const { userId, actor } = userOf(c)
  const caller = c.get('caller')
  const { id } = c.req.valid('param')
  const { repositories } = dependencies
  const refuse = ({ code, detail, ...extras }: Refusal) => problemAnswer(c, code, detail, extras)
  const keyed = { caller: `user/${userId}`, request: { ...request, id } }
  return answerOnce(c, dependencies, keyed, async (attempt): Promise<Answer> => {
    const own = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
    if (own?.userId !== userId) return refuse(NOT_FOUND)
    const command = { own, attempt, caller, actor, operation: request.operation, send }
    const outcome = await carryOut(dependencies, command)
    return outcome.kind === 'refused'
      ? refuse(outcome.refusal)
      : { status: 200, body: outcome.subscription }
  })
}

type Command = Pick<CommandCall, 'send'> & {
  readonly own: Subscription
  readonly attempt: Attempt
  readonly caller: Caller
  readonly actor: Requester['actor']
  readonly operation: keyof typeof ACTIONS
}
/** Withdrawing a cancellation may drop a plan change. */
type SubscriptionAfter = z.infer<typeof subscriptionSchema> & { readonly dropped_change?: object }
type CommandOutcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'done'; readonly subscription: SubscriptionAfter }

const refused = (refusal: Refusal) => ({ kind: 'refused' as const, refusal })

/** Sends a command to the workflow of a subscription. @returns the subscription after it, or the refusal */
export async function carryOut(
  dependencies: ApiDependencies,
  { own, attempt: { key, isRepeat }, caller, actor, operation, send }: Command,
): Promise<CommandOutcome> {
  const { repositories, workflows, clock } = dependencies
  const by = { actor, ...(caller.kind === 'key' && { keyId: caller.keyId }) }
  const target = { subscriptionId: own.id, commandId: userCommandKey(key) }
  const first = await send({ target, by }, own)
  // The first attempt may be the reason why its repeat is refused, for example with `plan_unchanged`.
  const stored = isRefusal(first) && isRepeat ? await workflows.findReply(target) : undefined
  const reply = stored ?? first
  if (isRefusal(reply)) return refused(reply)
  if (reply.kind !== 'answered') return refused(refusalOf(reply))
  const { answer } = reply
  if (answer.kind === 'refused') return refused(refusalByWorkflow(answer.code))
  const after = (await repositories.subscriptions.find(own.id)) ?? own
  const done = { key, action: ACTIONS[operation], before: own, after }
  await recordAction(dependencies, caller, done)
  const view = await viewOfSubscription(after, repositories.plans, clock.now())
  const { dropped } = answer
  if (dropped === undefined) return { kind: 'done', subscription: view }
  const { slug: plan } = await repositories.plans.getVersion(dropped.planVersionId)
  const dropped_change = { plan, at: dropped.at, because: dropped.because }
  return { kind: 'done', subscription: { ...view, dropped_change } }
}

type CommandDone = {
  readonly key: string
  readonly action: OperatorActionKind
  readonly before: Subscription
  readonly after: Subscription
}

/** Records the command if an operator sent it. Before the answer is stored, so that a repeat after a crash records it. */
async function recordAction(
  { repositories, clock }: ApiDependencies,
  caller: Caller,
  { key, action, before, after }: CommandDone,
): Promise<void> {
  if (!hasScope(caller, 'operator')) return
  const facts = (subscription: Subscription) => ({
    subscriptionId: before.id,
    ...factsOf(subscription),
  })
  await repositories.usageExtras.noteAction(
    `move/${before.id}/${key}`,
    { userId: before.userId, action, before: facts(before), after: facts(after) },
    { at: clock.now(), keyId: caller.keyId, askedBy: null },
  )
}

const isRefusal = (reply: WorkflowReply<CommandAnswer> | Refusal): reply is Refusal =>
  'code' in reply && !('kind' in reply)

const NOT_FOUND: Refusal = {
  code: 'subscription_not_found',
  detail: 'The user has no subscription with this id.',
}

/** A downgrade that a user asks for before the end of the period. */
export const DOWNGRADE_NOT_NOW = {
  code: 'downgrade_not_now' as const,
  detail:
    'The current period is paid, and its quota may be used, so a change to a lower or cheaper plan or to fewer units takes effect at its end. Send `"when": "period_end"`, or leave `when` out.',
  errors: [{ field: 'when', detail: 'must be `period_end`, or be left out' }],
} satisfies Refusal

/** The problem for a refusal by the workflow. */
export const refusalByWorkflow = (code: CommandRefusal): Refusal =>
  code === 'downgrade_not_now' ? DOWNGRADE_NOT_NOW : { code, detail: DETAILS[code] }

/** The problem's detail for each other refusal by the workflow. */
const DETAILS: Record<Exclude<CommandRefusal, 'downgrade_not_now'>, string> = {
  payment_processing:
    'A bank is still confirming a payment, which can take some days. Repeat the request when `payment_processing` is false.',
  nothing_to_collect: 'The plan is free, so there are no invoices to send.',
  pays_by_invoice:
    'The customer pays by invoice, so a change now would count before it is paid. Send `"when": "period_end"`, or ask an operator.',
  change_pending:
    'A plan change is pending, which would undo this. Withdraw it with DELETE /subscriptions/{id}/plan/pending, or wait.',
  collection_paused:
    'Collection is paused at Stripe, so the change could not be charged. An operator resumes it in Stripe’s dashboard.',
  checkout_already_paid:
    'The open checkout was just paid. GET /subscriptions/current shows the subscription.',
  nothing_to_withdraw: 'Nothing of this kind is pending for this subscription.',
  moved_on: 'The subscription has changed in the meantime. Read it again.',
  subscription_over: SUBSCRIPTION_ENDED,
  offer_ends:
    'This price is an offer that ends with the period. Change the plan, or cancel the subscription, instead.',
  plan_unclear:
    'Stripe’s items do not show which one is the plan: none has the price of a plan, or several have. An operator removes the extra item at Stripe, or assigns its price with PUT /admin/stripe-prices/{price_id}. Cancellation and sync work meanwhile.',
  addon_does_not_fit:
    'An add-on of the subscription cannot be beside the new plan. Send PUT /subscriptions/{id}/items with the add-ons to keep.',
  grows_in_trial:
    'Neither the quantity nor the add-ons can grow during a trial. End the trial first with DELETE /subscriptions/{id}/trial.',
  quantity_in_use: 'More is in use than this change would leave. Release it first, or keep more.',
  payment_pending:
    'The invoice of the current period is not paid yet, so the rest of the period cannot be kept. Pause after it is paid.',
  payment_method_required:
    'The new plan has no trial, so the change is charged now, and the customer has no card. Add one with POST /portal, then repeat the change.',
}
