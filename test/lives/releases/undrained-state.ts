import type { SubscriptionInput } from '../../../workflows/contract.ts'
import {
  handOver as withFacts,
  type SubscriptionState,
} from '../../../workflows/subscription-state.ts'

/** Takes the place of the module that it is made of, but for one thing: what was not taken in yet is not handed over. */
export * from '../../../workflows/subscription-state.ts'
export function handOver(state: SubscriptionState, now: number): SubscriptionInput {
  const { facts: _lost, ...rest } = withFacts(state, now)
  return rest
}
