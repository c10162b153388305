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
  type CheckoutAnswer,
  type CheckoutRequest,
  type Fact,
  type MoveAnswer,
  type SubscriptionInput,
} from '../../workflows/contract.ts'
import type { Clock } from '../../domain/clock.ts'
import { asked, inTime as within, type Asked } from './asked.ts'
import { isTravelled, startInTheFuture } from './time-skipping.ts'

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
  const inTime = <T>(ask: () => Promise<T>) => within(client, ask)

  const handleOf = (subscriptionId: string) =>
    client.workflow.getHandle(subscriptionWorkflowId(subscriptionId))

  return {
    checkout: ({ subscriptionId, userId, commandId }, request) =>
      asked(async () => {
        const workflowId = subscriptionWorkflowId(subscriptionId)
        const start = {
          workflowId,
          taskQueue,
          args: [newSubscriptionInput(subscriptionId, userId)],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: `Subscription ${subscriptionId}`,
          typedSearchAttributes: [
            { key: SEARCH_ATTRIBUTES.userId, value: userId },
            { key: SEARCH_ATTRIBUTES.status, value: 'incomplete' },
          ],
        } satisfies WorkflowStartOptions
        const target = travellingClock?.now()
        if (target !== undefined && isTravelled(target))
          await startInTheFuture(client, SUBSCRIPTION_WORKFLOW, { ...start, target })
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

const newSubscriptionInput = (subscriptionId: string, userId: string): SubscriptionInput => ({
  stateVersion: 1,
  subscriptionId,
  userId,
  view: null,
})
