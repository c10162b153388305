import type {
  OverageReport,
  OverageReportRepository,
} from '../../../domain/usage/overage-report.ts'
import type { Operations } from './port.ts'

const ERROR_MAX_CHARACTERS = 500

type ReportRow = {
  subscription_id: string
  feature_id: string
  window_start: Date
  sequence: number
  amount: number
  occurred_at: Date
  event_name: string
  stripe_customer_id: string | null
  attempts: number
  first_attempt_at: Date | null
}

export function createOverageReportRepository(operations: Operations): OverageReportRepository {
  const end = (
    report: OverageReport,
    to: { readonly state: string; readonly at: Date | null; readonly error: string | null },
  ) =>
    operations.run('end_overage_attempt', {
      p_subscription: report.subscriptionId,
      p_feature: report.featureId,
      p_start: report.windowStart,
      p_sequence: report.sequence,
      p_state: to.state,
      p_at: to.at,
      p_error: to.error?.slice(0, ERROR_MAX_CHARACTERS) ?? null,
    })

  return {
    async cut(at, limit) {
      const due = await operations.rows<{
        subscription_id: string
        feature_id: string
        starts: string
      }>('list_overage_due', { p_limit: limit })
      let count = 0
      // A transaction each: a window is locked no longer than its own report takes.
      for (const row of due) {
        const isCut = await operations.value<boolean>('cut_overage_report', {
          p_now: at,
          p_subscription: row.subscription_id,
          p_feature: row.feature_id,
          p_start: row.starts,
        })
        if (isCut === true) count += 1
      }
      return count
    },

    async claimDue(at, limit, leaseMs) {
      const rows = await operations.rows<ReportRow>('claim_overage_reports', {
        p_now: at,
        p_until: new Date(at.getTime() + leaseMs),
        p_limit: limit,
      })
      return rows.map((row) => ({
        subscriptionId: row.subscription_id,
        featureId: row.feature_id,
        windowStart: row.window_start,
        sequence: row.sequence,
        amount: row.amount,
        occurredAt: row.occurred_at,
        eventName: row.event_name,
        stripeCustomerId: row.stripe_customer_id,
        attempts: row.attempts,
        firstAttemptAt: row.first_attempt_at,
      }))
    },

    markReported: (report, at) => end(report, { state: 'reported', at, error: null }),
    postpone: (report, error, until) => end(report, { state: 'pending', at: until, error }),
    giveUp: (report, error) => end(report, { state: 'failed', at: null, error }),
  }
}
