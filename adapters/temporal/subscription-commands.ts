import {
  changePlan,
  withdrawPlanChange,
  type Requester,
  type CommandAnswer,
  type PlanChangeRequest,
} from '../../workflows/contract.ts'
import type { WorkflowReply } from './reply.ts'
import type { SubscriptionWorkflows } from './subscriptions.ts'

type Of = Parameters<SubscriptionWorkflows['move']>[1]

/** What a migration asks of single subscriptions. The same `commandId` is the same request. */
export type SubscriptionCommands = {
  readonly changePlan: (of: Of, request: PlanChangeRequest) => Promise<WorkflowReply<CommandAnswer>>
  readonly withdrawPlanChange: (of: Of, request: Requester) => Promise<WorkflowReply<CommandAnswer>>
}

export const createSubscriptionCommands = ({
  move,
}: SubscriptionWorkflows): SubscriptionCommands => ({
  changePlan: (of, request) => move(changePlan, of, request),
  withdrawPlanChange: (of, request) => move(withdrawPlanChange, of, request),
})
