import { sql, type Kysely } from 'kysely'
import type { OverageReport, OverageReportRepository } from '../../domain/overage-report.ts'
import type { Database } from './schema.ts'

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

export function createOverageReportRepository(db: Kysely<Database>): OverageReportRepository {
  return {
    async cut(at, limit) {
      // A transaction each: a window is locked no longer than its own report takes.
      const { rows } = await sql<{ subscription_id: string; feature_id: string; at: string }>`
        select subscription_id, feature_id, window_start::text as at from usage_overage_due
        limit ${limit}`.execute(db)
      let count = 0
      for (const row of rows) {
        const { rows: cut } = await sql<{
          is_cut: boolean
        }>`select cut_overage_report(${at}, ${row.subscription_id},
          ${row.feature_id}, ${row.at}::timestamptz) as is_cut`.execute(db)
        if (cut[0]?.is_cut === true) count += 1
      }
      return count
    },

    async claimDue(at, limit, leaseMs) {
      const { rows } = await sql<ReportRow>`
        with due as (
          select subscription_id, feature_id, window_start, sequence from usage_overage_reports
          where state = 'pending' and due_at <= ${at} order by due_at limit ${limit} for update skip locked
        ), before as (
          select r.* from usage_overage_reports r join due using (subscription_id, feature_id, window_start, sequence)
        ), claimed as (
          update usage_overage_reports r set attempts = r.attempts + 1,
            first_attempt_at = coalesce(r.first_attempt_at, case when c.stripe_customer_id is not null then ${at}::timestamptz end),
            due_at = ${new Date(at.getTime() + leaseMs)}
          from before b
          join subscriptions s on s.id = b.subscription_id
          join customers c on c.user_id = s.user_id
          where (r.subscription_id, r.feature_id, r.window_start, r.sequence)
            = (b.subscription_id, b.feature_id, b.window_start, b.sequence)
          returning r.*, c.stripe_customer_id, b.first_attempt_at as attempted_before
        )
        select d.subscription_id, d.feature_id, d.window_start, d.sequence, d.amount, d.occurred_at, d.attempts,
          d.attempted_before as first_attempt_at, d.stripe_customer_id, coalesce(f.meter_event_name, f.code) as event_name
        from claimed d join features f on f.id = d.feature_id
        order by d.occurred_at, d.sequence`.execute(db)
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

    async markReported(report, at) {
      await sql`update usage_overage_reports set state = 'reported', reported_at = ${at}, last_error = null
        where ${pending(report)}`.execute(db)
    },

    async postpone(report, error, until) {
      await sql`update usage_overage_reports set last_error = ${error.slice(0, ERROR_MAX_CHARACTERS)}, due_at = ${until}
        where ${pending(report)}`.execute(db)
    },

    async giveUp(report, error) {
      await sql`update usage_overage_reports set state = 'failed', last_error = ${error.slice(0, ERROR_MAX_CHARACTERS)}
        where ${pending(report)}`.execute(db)
    },
  }
}

const pending = (report: OverageReport) => sql`
  subscription_id = ${report.subscriptionId} and feature_id = ${report.featureId}
  and window_start = ${report.windowStart} and sequence = ${report.sequence} and state = 'pending'`
