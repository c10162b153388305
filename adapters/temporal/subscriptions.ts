import { status } from '@grpc/grpc-js'
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client'
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common'
import {
  checkout,
  fact,
  SEARCH_ATTRIBUTES,
  SUBSCRIPTION_WORKFLOW,
  subscriptionWorkflowId,
  type CheckoutAnswer,
  type CheckoutRequest,
  type Fact,
  type MoveAnswer,
  type SubscriptionInput,
} from '../../workflows/contract.ts'
import type { Clock } from '../../domain/clock.ts'
import { startInTheFuture } from './time-skipping.ts'

/** Callers wait this long for a worker; then they are told to come back, and the same key gets them the answer. */
const ANSWER_TIMEOUT_MS = 10_000

/** A clock that is ahead by less than this was not moved. */
export const TRAVEL_MIN_MS = 1_000

/** How a workflow answered a request, as values: the caller decides what they mean over HTTP. */
export type Asked<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The workflow's validator or step said no; `code` is the failure's type. */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /** There is no such workflow, or it is closed. */
  | { readonly kind: 'closed' }
  /** No worker or no cluster in time. What was asked may still happen. */
  | { readonly kind: 'unavailable' }

export type SubscriptionWorkflows = {
  /** Asks the subscription's workflow, which is started if need be. The same `commandId` is the same request. */
  readonly checkout: (
    of: { readonly subscriptionId: string; readonly userId: string; readonly commandId: string },
    request: CheckoutRequest,
  ) => Promise<Asked<CheckoutAnswer>>
  /** Asks the workflow of a subscription that was begun for a move. The same `commandId` is the same request. */
  readonly move: <Request>(
    update: UpdateDefinition<MoveAnswer, [Request]>,
    of: { readonly subscriptionId: string; readonly commandId: string },
    request: Request,
  ) => Promise<Asked<MoveAnswer>>
  /**
   * Tells a subscription that may have no workflow: one is started then, and begins with what its row says, or with what it
   * adopts. @throws when Temporal is away.
   */
  readonly begin: (
    of: {
      readonly subscriptionId: string
      readonly userId: string
      readonly adopts?: string
    },
    told: Fact,
  ) => Promise<void>
  /** @throws when Temporal is away. */
  readonly isRunning: (subscriptionId: string) => Promise<boolean>
  /** @throws when Temporal is away; `closed` when nobody lives there any more. */
  readonly tell: (subscriptionId: string, told: Fact) => Promise<'told' | 'closed'>
}

export type SubscriptionWorkflowsOptions = {
  readonly client: Client
  readonly taskQueue: string
  /** Where time can be moved, workflows begin at its present; undefined where time is the wall's. */
  readonly travellingClock?: Clock | undefined
}

export function createSubscriptionWorkflows(
  options: SubscriptionWorkflowsOptions,
): SubscriptionWorkflows {
  const { client, taskQueue, travellingClock } = options
  const inTime = <T>(ask: () => Promise<T>) =>
    client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, ask)

  const startOf = (of: Parameters<SubscriptionWorkflows['begin']>[0]) =>
    ({
      workflowId: subscriptionWorkflowId(of.subscriptionId),
      taskQueue,
      args: [newSubscriptionInput(of)],
      staticSummary: `Subscription ${of.subscriptionId}`,
      typedSearchAttributes: [
        { key: SEARCH_ATTRIBUTES.userId, value: of.userId },
        { key: SEARCH_ATTRIBUTES.status, value: 'incomplete' },
      ],
    }) satisfies WorkflowStartOptions

  /** Where time was moved, a workflow begins at its present. */
  async function arriveInTime(start: WorkflowStartOptions) {
    const target = travellingClock?.now()
    if (target !== undefined && target.getTime() - Date.now() > TRAVEL_MIN_MS)
      await startInTheFuture(client, SUBSCRIPTION_WORKFLOW, { ...start, target })
  }

  const handleOf = (subscriptionId: string) =>
    client.workflow.getHandle(subscriptionWorkflowId(subscriptionId))

  return {
    checkout: ({ subscriptionId, userId, commandId }, request) =>
      asked(async () => {
        const start = {
          ...startOf({ subscriptionId, userId }),
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        } as const
        const { workflowId } = start
        await arriveInTime(start)
        const startWorkflowOperation = new WithStartWorkflowOperation(SUBSCRIPTION_WORKFLOW, start)
        try {
          return await inTime(() =>
            client.workflow.executeUpdateWithStart(checkout, {
              startWorkflowOperation,
              updateId: commandId,
              args: [request],
            }),
          )
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
          // It ran and is closed: a repeated request still gets the answer of the first.
          const handle = client.workflow.getHandle(workflowId)
          return inTime(() => handle.getUpdateHandle<CheckoutAnswer>(commandId).result())
        }
      }),

    move: (update, { subscriptionId, commandId: updateId }, request) =>
      asked(() =>
        inTime(() => handleOf(subscriptionId).executeUpdate(update, { updateId, args: [request] })),
      ),

    async begin(of, told) {
      const start = { ...startOf(of), workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const
      await inTime(async () => {
        await arriveInTime(start)
        await client.workflow.signalWithStart(SUBSCRIPTION_WORKFLOW, {
          ...start,
          signal: fact,
          signalArgs: [told],
        })
      })
    },

    async isRunning(subscriptionId) {
      try {
        const found = await inTime(() => handleOf(subscriptionId).describe())
        return found.status.name === 'RUNNING'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    },

    async tell(subscriptionId, told) {
      try {
        await inTime(() => handleOf(subscriptionId).signal(fact, told))
        return 'told'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'closed'
        throw error
      }
    },
  }
}

const newSubscriptionInput = ({
  subscriptionId,
  userId,
  adopts,
}: Parameters<SubscriptionWorkflows['begin']>[0]): SubscriptionInput => ({
  stateVersion: 1,
  subscriptionId,
  userId,
  view: null,
  ...(adopts !== undefined && { adopts }),
})

async function asked<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { kind: 'answered', answer: await ask() }
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      if (error.cause.type === ENDED_MEANWHILE) return { kind: 'closed' }
      return { kind: 'rejected', code: error.cause.type ?? 'rejected', detail: error.cause.message }
    }
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' }
    if (isUnavailable(error) || (error instanceof Error && isUnavailable(error.cause)))
      return { kind: 'unavailable' }
    throw error
  }
}

/** The server's word for an update whose workflow ended before it was answered. */
const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow'

/** The codes by which gRPC says "not now", and the client's own word for a wait that took too long. */
const NOT_NOW = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.UNAVAILABLE,
]

const isUnavailable = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  (isGrpcServiceError(error) && NOT_NOW.includes(error.code))
