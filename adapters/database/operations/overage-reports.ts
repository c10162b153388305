import type {
  MeteredCounter,
  MeteredSpan,
  OverageReport,
  OverageReportRepository,
} from '../../../domain/usage/overage-report.ts'
import { errorText } from './error-text.ts'
import type { Operations, RowOf } from './port.ts'

/** Reports of billed overage to Stripe’s meters, in the table `usage_overage_reports`. */
export const createOverageReportRepository = (operations: Operations): OverageReportRepository => ({
  ...metersOf(operations),

  cut: async (at, limit) =>
    cutReports(operations, await operations.rows('list_overage_due', { p_limit: limit }), at),

  cutOfUser: async (userId, at, limit) => {
    const of = { p_user: userId, p_limit: limit }
    return cutReports(operations, await operations.rows('list_overage_due_of_user', of), at)
  },

  async claimDue(at, limit, leaseMs) {
    const rows = await operations.rows('claim_overage_reports', {
      p_now: at,
      p_until: new Date(at.getTime() + leaseMs),
      p_limit: limit,
    })
    return rows.map(reportFromRow)
  },

  async claimOfUser(userId, at, limit, leaseMs) {
    const rows = await operations.rows('claim_overage_reports_of_user', {
      p_user: userId,
      p_now: at,
      p_until: new Date(at.getTime() + leaseMs),
      p_limit: limit,
    })
    return rows.map(reportFromRow)
  },

  async billedIn(subscriptionId, { start, end }) {
    const of = { p_subscription: subscriptionId, p_start: start, p_end: end }
    const rows = await operations.rows('list_billed_usage', of)
    return new Map(rows.map((row) => [row.feature_id, row.amount]))
  },

  markReported: (report, at) =>
    endAttempt(operations, report, { state: 'reported', at, error: null }),
  postpone: (report, error, until) =>
    endAttempt(operations, report, { state: 'pending', at: until, error }),
  giveUp: (report, error) => endAttempt(operations, report, { state: 'failed', at: null, error }),
})

/** The comparison of reports with what Stripe's meters count. */
const metersOf = (
  operations: Operations,
): Pick<OverageReportRepository, 'listCounters' | 'sum' | 'reportAgain'> => ({
  async listCounters(customers, since) {
    const of = { p_customers: customers, p_since: since }
    return (await operations.rows('list_metered_counters', of)).map(counterFromRow)
  },

  async sum(span, sentBefore) {
    const of = { ...spanOf(span), p_sent_before: sentBefore }
    const [row] = await operations.rows('sum_overage_reports', of)
    if (row === undefined) throw new Error('sum_overage_reports returns one row')
    return {
      reported: row.reported_amount,
      unconfirmed: row.unconfirmed_amount,
      isSettled: row.is_settled,
    }
  },

  reportAgain: (span, { reported, missing }, at) =>
    operations.value('report_overage_again', {
      ...spanOf(span),
      p_now: at,
      p_reported: reported,
      p_missing: missing,
    }),
})

/** Each report is cut in its own transaction, so that a window is locked no longer than its report takes. */
async function cutReports(
  operations: Operations,
  due: readonly RowOf<'list_overage_due'>[],
  at: Date,
): Promise<number> {
  let count = 0
  for (const row of due) {
    const isCut = await operations.value('cut_overage_report', {
      p_now: at,
      p_subscription: row.subscription_id,
      p_feature: row.feature_id,
      p_start: row.starts,
    })
    if (isCut) count += 1
  }
  return count
}

type AttemptEnd = {
  readonly state: 'reported' | 'pending' | 'failed'
  readonly at: Date | null
  readonly error: string | null
}

const endAttempt = (operations: Operations, report: OverageReport, end: AttemptEnd) =>
  operations.run('end_overage_attempt', {
    p_subscription: report.subscriptionId,
    p_feature: report.featureId,
    p_start: report.windowStart,
    p_sequence: report.sequence,
    p_state: end.state,
    p_at: end.at,
    p_error: end.error === null ? null : errorText(end.error),
  })

const reportFromRow = (row: RowOf<'claim_overage_reports'>): OverageReport => ({
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
})

const spanOf = ({ counterId, featureId, from, until }: MeteredSpan) => ({
  p_counter: counterId,
  p_feature: featureId,
  p_from: from,
  p_until: until,
})

const counterFromRow = (row: RowOf<'list_metered_counters'>): MeteredCounter => ({
  stripeCustomerId: row.stripe_customer_id,
  counterId: row.counter_id,
  featureId: row.feature_id,
  code: row.code,
  eventName: row.event_name,
  subscriptionId: row.subscription_id,
  planVersionId: row.plan_version_id,
  anchor: row.anchor,
  periodStart: row.period_start,
  opensAt: row.opens_at,
  endedAt: row.ended_at,
})
