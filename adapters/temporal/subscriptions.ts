import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client'
import type { UpdateDefinition } from '@temporalio/common'
import {
  checkout,
  fact,
  SEARCH_ATTRIBUTES,
  SUBSCRIPTION_WORKFLOW,
  subscriptionWorkflowId,
  state as stateQuery,
  sync,
  type Answer,
  type CheckoutAnswer,
  type CheckoutRequest,
  type Fact,
  type CommandAnswer,
  type SubscriptionInput,
} from '../../workflows/contract.ts'
import type { Clock } from '../../domain/clock.ts'
import { replyTo, inTime, type WorkflowReply } from './reply.ts'
import { isTravelled, startInTheFuture } from './time-skipping.ts'

export type SubscriptionWorkflows = {
  /** Asks the subscription's workflow, which is started if need be. The same `commandId` is the same request. */
  readonly checkout: (
    of: { readonly subscriptionId: string; readonly userId: string; readonly commandId: string },
    request: CheckoutRequest,
  ) => Promise<WorkflowReply<CheckoutAnswer>>
  /** Asks the workflow of a subscription that was begun for a move. The same `commandId` is the same request. */
  readonly move: <Request, Result extends Answer>(
    update: UpdateDefinition<Result, [Request]>,
    of: { readonly subscriptionId: string; readonly commandId: string },
    request: Request,
  ) => Promise<WorkflowReply<Result>>
  /** Has the workflow read Stripe now, and answers once it has. The same `commandId` is the same request. */
  readonly sync: (of: {
    readonly subscriptionId: string
    readonly commandId: string
  }) => Promise<WorkflowReply<CommandAnswer>>
  /** What was answered to a move that was asked for before; undefined when the workflow knows of none. */
  readonly answerTo: (of: {
    readonly subscriptionId: string
    readonly commandId: string
  }) => Promise<WorkflowReply<CommandAnswer> | undefined>
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
  /** For a journey through time, which may take a while. */
  readonly client: Client
  readonly promptClient: Client
  readonly taskQueue: string
  /** Where time can be moved, workflows begin at its present; undefined where time is the wall's. */
  readonly travellingClock?: Clock | undefined
}

export function createSubscriptionWorkflows(
  options: SubscriptionWorkflowsOptions,
): SubscriptionWorkflows {
  const { client, promptClient, taskQueue, travellingClock } = options

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
    if (target !== undefined && isTravelled(target))
      await startInTheFuture(client, SUBSCRIPTION_WORKFLOW, { ...start, target })
  }

  const handleOf = (subscriptionId: string) =>
    promptClient.workflow.getHandle(subscriptionWorkflowId(subscriptionId))

  return {
    checkout: ({ subscriptionId, userId, commandId }, request) =>
      replyTo(async () => {
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
            promptClient.workflow.executeUpdateWithStart(checkout, {
              startWorkflowOperation,
              updateId: commandId,
              args: [request],
            }),
          )
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
          // It ran and is closed: a repeated request still gets the answer of the first.
          const handle = promptClient.workflow.getHandle(workflowId)
          return inTime(() => handle.getUpdateHandle<CheckoutAnswer>(commandId).result())
        }
      }),

    move: (update, { subscriptionId, commandId: updateId }, request) =>
      replyTo(() =>
        inTime(() => handleOf(subscriptionId).executeUpdate(update, { updateId, args: [request] })),
      ),

    sync: ({ subscriptionId, commandId: updateId }) =>
      replyTo(async () => {
        const { status } = await inTime(() =>
          handleOf(subscriptionId).executeUpdate(sync, { updateId, args: [] }),
        )
        return { kind: 'done', status }
      }),

    async answerTo({ subscriptionId, commandId }) {
      const handle = handleOf(subscriptionId)
      const ofThisRun = await replyTo(() =>
        inTime(() => handle.getUpdateHandle<CommandAnswer>(commandId).result()),
      )
      if (ofThisRun.kind !== 'closed') return ofThisRun
      // The run does not know the update: an earlier one may have handed its answer over.
      const state = await replyTo(() => inTime(() => handle.query(stateQuery)))
      if (state.kind !== 'answered') return state.kind === 'closed' ? undefined : state
      const known = state.answer.answers?.find((each) => each.commandId === commandId)
      // Each move has an answer of this kind: the API refuses a key that comes with another request.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return known && { kind: 'answered', answer: known.answer as CommandAnswer }
    },

    async begin(of, told) {
      const start = { ...startOf(of), workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const
      await inTime(async () => {
        await arriveInTime(start)
        await promptClient.workflow.signalWithStart(SUBSCRIPTION_WORKFLOW, {
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
