import {
  changePlan,
  withdrawPlanChange,
  type CommandAnswer,
  type PlanChangeRequest,
  type Requester,
} from '../../workflows/contract.ts'
import type { WorkflowReply } from './reply.ts'
import type { CommandTarget, SubscriptionWorkflows } from './subscriptions.ts'

/** The commands that a plan migration sends to single subscriptions. */
export type SubscriptionCommands = {
  readonly changePlan: (
    target: CommandTarget,
    request: PlanChangeRequest,
  ) => Promise<WorkflowReply<CommandAnswer>>
  readonly withdrawPlanChange: (
    target: CommandTarget,
    request: Requester,
  ) => Promise<WorkflowReply<CommandAnswer>>
}

/** Narrows the commands to the two that plan migrations need. */
export const createSubscriptionCommands = ({
  command,
}: Pick<SubscriptionWorkflows, 'command'>): SubscriptionCommands => ({
  changePlan: (target, request) => command(changePlan, target, request),
  withdrawPlanChange: (target, request) => command(withdrawPlanChange, target, request),
})
