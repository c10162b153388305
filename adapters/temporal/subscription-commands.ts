import {
  changePlan,
  withdrawPlanChange,
  type Asker,
  type MoveAnswer,
  type PlanChangeRequest,
} from '../../workflows/contract.ts'
import type { Asked } from './reply.ts'
import type { SubscriptionWorkflows } from './subscriptions.ts'

type Of = Parameters<SubscriptionWorkflows['move']>[1]

/** What a migration asks of single subscriptions. The same `commandId` is the same request. */
export type SubscriptionMoves = {
  readonly changePlan: (of: Of, request: PlanChangeRequest) => Promise<Asked<MoveAnswer>>
  readonly withdrawPlanChange: (of: Of, request: Asker) => Promise<Asked<MoveAnswer>>
}

export const createSubscriptionMoves = ({ move }: SubscriptionWorkflows): SubscriptionMoves => ({
  changePlan: (of, request) => move(changePlan, of, request),
  withdrawPlanChange: (of, request) => move(withdrawPlanChange, of, request),
})
