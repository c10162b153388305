import type { PlanFeature } from '../catalogue/plan.ts'
import type { AddonUnits, Subscription } from '../subscription/subscription.ts'
import type { HistoryBucket, HistoryQuestion } from './history.ts'
import type { ReservationRepository } from './reservation.ts'
import type {
  CheckOutcome,
  ConsumeOutcome,
  ConsumeRequest,
  UsageCounter,
  UsageQuestion,
} from './usage.ts'

/** A feature of a customer with its present counter. */
export type FeatureUsage = {
  readonly feature: PlanFeature
  /** The counter of the current window; null for a feature that is not counted. */
  readonly counter: UsageCounter | null
}

/** Usage counters and their ledger. Each decision is one statement. */
export type UsageRepository = ReservationRepository & {
  /** Decides, counts and records all requests in one atomic statement. @returns the outcomes in the same order. */
  readonly consume: (requests: readonly ConsumeRequest[], at: Date) => Promise<ConsumeOutcome[]>
  /** @returns what `consume` would answer to each alone, without counting; in the same order. */
  readonly check: (questions: readonly UsageQuestion[], at: Date) => Promise<CheckOutcome[]>
  /** @returns the usage of each feature at `at`: those of the plan, and boolean ones as operators switched them. */
  readonly list: (subscription: Subscription, at: Date) => Promise<FeatureUsage[]>
  /**
   * Limits what a customer holds (seats) to what a change of plan or quantity will leave, before it is sent to Stripe: no seat can
   * be taken meanwhile. The write of the change sets the limits anew. Running it twice answers the same.
   *
   * @returns false, and changes nothing, if more is held by now: see `heldBeyond`
   */
  readonly narrowHeld: (
    change: {
      readonly subscriptionId: string
      readonly planVersionId: string
      readonly quantity: number
      readonly addons: readonly AddonUnits[]
    },
    at: Date,
  ) => Promise<boolean>
  /** Undoes `narrowHeld` after a change that was not made. Running it twice changes nothing more. */
  readonly restoreHeld: (subscriptionId: string, at: Date) => Promise<void>
  /** Calls `listener` after usage that may have reached a threshold. Replaces the previous listener. */
  readonly whenAlerted: (listener: () => void) => void
  /**
   * @returns a user's usage of one feature by time, including empty buckets; `unsummed` while a very large ledger is summed, which
   *   each call continues.
   */
  readonly history: (question: HistoryQuestion, at: Date) => Promise<HistoryBucket[] | 'unsummed'>
}
