import type { PlanFeature } from '../catalogue/plan.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { HistoryBucket, HistoryQuestion } from './history.ts'
import type { ReservationRepository } from './reservation.ts'
import type {
  CheckOutcome,
  ConsumeOutcome,
  ConsumeRequest,
  UsageCounter,
  UsageQuestion,
} from './usage.ts'

export type FeatureUsage = {
  readonly feature: PlanFeature
  /** In the window that is open, or would open with the first use; null for what nobody counts. */
  readonly counter: UsageCounter | null
}

export type UsageRepository = ReservationRepository & {
  /** Decides, counts and records all requests in one atomic statement; answers in their order. */
  readonly consume: (requests: readonly ConsumeRequest[], at: Date) => Promise<ConsumeOutcome[]>
  /** What `consume` would say. Counts nothing. */
  readonly check: (question: UsageQuestion, at: Date) => Promise<CheckOutcome>
  /** Where a subscription stands at `at`, feature by feature. */
  readonly list: (subscription: Subscription, at: Date) => Promise<FeatureUsage[]>
  /** Calls `listener` after usage was counted that may have reached a threshold. There is one listener. */
  readonly whenAlerted: (listener: () => void) => void
  /** A user's ledger of one feature by buckets of time, empty ones too. */
  readonly history: (question: HistoryQuestion) => Promise<HistoryBucket[]>
}
