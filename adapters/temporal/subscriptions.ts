import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client'
import type { UpdateDefinition } from '@temporalio/common'
import {
  checkout,
  fact as factSignal,
  SEARCH_ATTRIBUTES,
  SUBSCRIPTION_WORKFLOW,
  subscriptionWorkflowId,
  state as stateQuery,
  sync,
  type Answer,
  type CheckoutAnswer,
  type CheckoutRequest,
  type CommandAnswer,
  type Fact,
  type SubscriptionInput,
} from '../../workflows/contract.ts'
import { inTime, replyTo, type WorkflowReply } from './reply.ts'
import { listRunning, type RunningPage } from './running-subscriptions.ts'
import { startIfTimeMoved, type WorkflowParts } from './time-skipping.ts'

/** Names one command to one subscription. The same `commandId` is the same request, so a repeat gets the first reply. */
export type CommandTarget = { readonly subscriptionId: string; readonly commandId: string }

type CheckoutTarget = CommandTarget & { readonly userId: string }

/** A subscription whose workflow may have to be started. */
type StartTarget = {
  readonly subscriptionId: string
  readonly userId: string
  /** The subscription at Stripe to import, for a workflow that starts with an import. */
  readonly adopts?: string
}

/** The workflows of subscriptions, as a client sees them. Each call waits at most `ANSWER_TIMEOUT_MS`. */
export type SubscriptionWorkflows = {
  /** Sends a checkout, and starts the workflow if it does not run. */
  readonly checkout: (
    target: CheckoutTarget,
    request: CheckoutRequest,
  ) => Promise<WorkflowReply<CheckoutAnswer>>
  /** Sends a command to the workflow of a subscription. */
  readonly command: <Request, Result extends Answer>(
    update: UpdateDefinition<Result, [Request]>,
    target: CommandTarget,
    request: Request,
  ) => Promise<WorkflowReply<Result>>
  /** Has the workflow read Stripe now, and waits until it has. */
  readonly sync: (target: CommandTarget) => Promise<WorkflowReply<CommandAnswer>>
  /** @returns the reply to an earlier command; undefined when the workflow does not know it */
  readonly findReply: (target: CommandTarget) => Promise<WorkflowReply<CommandAnswer> | undefined>
  /**
   * Signals a fact to a subscription that may have no workflow. A new one starts from the subscription's row, or from what it
   * imports. @throws when Temporal is unavailable
   */
  readonly start: (target: StartTarget, fact: Fact) => Promise<void>
  /** @throws when Temporal is unavailable */
  readonly isRunning: (subscriptionId: string) => Promise<boolean>
  /** @see listRunning */
  readonly listRunning: (before: Date, after: string | null) => Promise<RunningPage>
  /**
   * Terminates the workflow of a subscription whose row is lost. Running it twice ends it once.
   * @throws when Temporal is unavailable
   */
  readonly end: (subscriptionId: string, reason: string) => Promise<void>
  /** @returns `closed` when no workflow runs for the subscription @throws when Temporal is unavailable */
  readonly signal: (subscriptionId: string, fact: Fact) => Promise<'signaled' | 'closed'>
}

/** One workflow for each subscription. Where a caller waits, an outage or a refusal is a reply, not an error. */
export function createSubscriptionWorkflows(parts: WorkflowParts): SubscriptionWorkflows {
  return {
    checkout: (target, request) => replyTo(() => sendCheckout(parts, target, request)),
    command: (update, { subscriptionId, commandId: updateId }, request) =>
      replyTo(() =>
        inTime(() =>
          handleOf(parts, subscriptionId).executeUpdate(update, { updateId, args: [request] }),
        ),
      ),
    sync: (target) => replyTo(() => sendSync(parts, target)),
    findReply: (target) => findReply(parts, target),
    start: (target, fact) => start(parts, target, fact),
    isRunning: (subscriptionId) => isRunning(parts, subscriptionId),
    listRunning: (before, after) => listRunning(parts, before, after),
    end: (subscriptionId, reason) => end(parts, subscriptionId, reason),
    signal: (subscriptionId, fact) => signal(parts, subscriptionId, fact),
  }
}

const handleOf = ({ promptClient }: WorkflowParts, subscriptionId: string) =>
  promptClient.workflow.getHandle(subscriptionWorkflowId(subscriptionId))

async function sendCheckout(
  parts: WorkflowParts,
  { subscriptionId, userId, commandId }: CheckoutTarget,
  request: CheckoutRequest,
): Promise<CheckoutAnswer> {
  const { promptClient } = parts
  const options = {
    ...startOptions(parts, { subscriptionId, userId }),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  } as const
  await startIfTimeMoved(parts, SUBSCRIPTION_WORKFLOW, options)
  const startWorkflowOperation = new WithStartWorkflowOperation(SUBSCRIPTION_WORKFLOW, options)
  try {
    return await inTime(() =>
      promptClient.workflow.executeUpdateWithStart(checkout, {
        startWorkflowOperation,
        updateId: commandId,
        args: [request],
      }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    // The workflow has ended. A repeated request still gets the first reply.
    const handle = handleOf(parts, subscriptionId)
    return inTime(() => handle.getUpdateHandle<CheckoutAnswer>(commandId).result())
  }
}

async function sendSync(
  parts: WorkflowParts,
  { subscriptionId, commandId: updateId }: CommandTarget,
): Promise<CommandAnswer> {
  const handle = handleOf(parts, subscriptionId)
  const { status } = await inTime(() => handle.executeUpdate(sync, { updateId, args: [] }))
  return { kind: 'done', status }
}

async function findReply(
  parts: WorkflowParts,
  { subscriptionId, commandId }: CommandTarget,
): Promise<WorkflowReply<CommandAnswer> | undefined> {
  const handle = handleOf(parts, subscriptionId)
  const ofThisRun = await replyTo(() =>
    inTime(() => handle.getUpdateHandle<CommandAnswer>(commandId).result()),
  )
  if (ofThisRun.kind !== 'closed') return ofThisRun
  // This run does not know the update. Earlier runs pass their replies on through continue-as-new.
  const state = await replyTo(() => inTime(() => handle.query(stateQuery)))
  if (state.kind !== 'answered') return state.kind === 'closed' ? undefined : state
  const known = state.answer.answers?.find((each) => each.commandId === commandId)
  // Every command replies with this type: the API refuses a key that returns with another request.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return known && { kind: 'answered', answer: known.answer as CommandAnswer }
}

async function start(parts: WorkflowParts, target: StartTarget, fact: Fact): Promise<void> {
  const options = {
    ...startOptions(parts, target),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const
  await inTime(async () => {
    await startIfTimeMoved(parts, SUBSCRIPTION_WORKFLOW, options)
    await parts.promptClient.workflow.signalWithStart(SUBSCRIPTION_WORKFLOW, {
      ...options,
      signal: factSignal,
      signalArgs: [fact],
    })
  })
}

async function isRunning(parts: WorkflowParts, subscriptionId: string): Promise<boolean> {
  try {
    const found = await inTime(() => handleOf(parts, subscriptionId).describe())
    return found.status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function end(parts: WorkflowParts, subscriptionId: string, reason: string): Promise<void> {
  try {
    await inTime(() => handleOf(parts, subscriptionId).terminate(reason))
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

async function signal(
  parts: WorkflowParts,
  subscriptionId: string,
  fact: Fact,
): Promise<'signaled' | 'closed'> {
  try {
    await inTime(() => handleOf(parts, subscriptionId).signal(factSignal, fact))
    return 'signaled'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed'
    throw error
  }
}

const startOptions = ({ taskQueue }: WorkflowParts, target: StartTarget) =>
  ({
    workflowId: subscriptionWorkflowId(target.subscriptionId),
    taskQueue,
    args: [inputOf(target)],
    staticSummary: `Subscription ${target.subscriptionId}`,
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.userId, value: target.userId },
      { key: SEARCH_ATTRIBUTES.status, value: 'incomplete' },
    ],
  }) satisfies WorkflowStartOptions

const inputOf = ({ subscriptionId, userId, adopts }: StartTarget): SubscriptionInput => ({
  stateVersion: 1,
  subscriptionId,
  userId,
  view: null,
  ...(adopts !== undefined && { adopts }),
})
