import { sql, type Kysely } from 'kysely'
import type { PlanVersion } from '../../domain/plan.ts'
import { quotaWindowAt, quotaWindowsAt, type QuotaCalendar } from '../../domain/quota-window.ts'
import type { PlanRepository, CustomerRepository, FeatureUsage } from '../../domain/repositories.ts'
import type { Subscription } from '../../domain/subscription.ts'
import type { Standing } from '../../domain/usage.ts'
import { openQuotaWindows } from './quota-windows.ts'
import type { Database } from './schema.ts'

type Reads = { readonly plans: PlanRepository; readonly customers: CustomerRepository }

type StandingRow = {
  feature_id: string
  is_open: boolean
  used_amount: number
  quota_limit: number | null
  remaining: number | null
  rolled_over: number
  granted_left: number
  held_amount: number
  overage_amount: number
  window_start: Date
  window_end: Date
}

/**
 * Where each counted feature of a subscription stands, in one statement and without a lock. A window that nobody opened
 * yet is shown as it would open; only where something rolls over it is opened, since what rolls over is moved then.
 */
export async function listStandings(
  db: Kysely<Database>,
  { plans, customers }: Reads,
  subscription: Subscription,
  at: Date,
): Promise<FeatureUsage[]> {
  const plan = await plans.getVersion(subscription.planVersionId)
  const calendar = await quotaCalendarOf(customers, subscription)
  const present =
    calendar === null
      ? []
      : plan.features
          .filter((feature) => feature.type !== 'boolean')
          .map((feature) => quotaWindowAt(plan, feature, calendar, at))
  const read = () => readStandings(db, subscription, present, at)
  let rows = await read()
  const isRollingOver = (row: StandingRow) =>
    !row.is_open &&
    present.some((each) => each.featureId === row.feature_id && each.rolloverMax > 0)
  if (calendar !== null && rows.some(isRollingOver)) {
    const { id: subscriptionId, planVersionId } = subscription
    const opening = { subscriptionId, planVersionId, now: at, at }
    await openQuotaWindows(db, opening, quotaWindowsAt(plan, calendar, at))
    rows = await read()
  }
  return featuresOf(plan, rows)
}

/** Null until the subscription runs. */
export async function quotaCalendarOf(
  customers: CustomerRepository,
  { anchor, userId }: Subscription,
): Promise<QuotaCalendar | null> {
  if (anchor === null) return null
  const customer = await customers.find(userId)
  return { anchor, timeZone: customer?.timeZone ?? null }
}

async function readStandings(
  db: Kysely<Database>,
  subscription: Subscription,
  present: readonly ReturnType<typeof quotaWindowAt>[],
  at: Date,
): Promise<StandingRow[]> {
  const column = <K extends keyof (typeof present)[number]>(name: K) =>
    present.map((window) => window[name])
  const { rows } = await sql<StandingRow>`
    select w.feature_id, u.window_start is not null as is_open, coalesce(u.used_amount, 0) as used_amount,
      l.quota_limit, coalesce(u.rolled_in_amount - u.rolled_out_amount, 0) as rolled_over, x.granted_left, x.held_amount,
      coalesce(u.overage_amount, 0) as overage_amount, coalesce(u.window_start, b.ended, w.window_start) as window_start,
      coalesce(u.window_end, w.window_end) as window_end,
      case when l.quota_limit is not null then greatest(0, x.granted_left - x.held_amount
        + case when u.window_start is null then l.quota_limit else usage_own_left(u.counter, l.quota_limit) end) end
        as remaining
    from unnest(${column('featureId')}::uuid[], ${column('start')}::timestamptz[], ${column('end')}::timestamptz[],
      ${column('quotaLimit')}::bigint[]) as w(feature_id, window_start, window_end, quota_limit)
    left join lateral (
      select u as counter, u.* from feature_usage u
      where u.subscription_id = ${subscription.id} and u.feature_id = w.feature_id
        and u.window_start <= ${at} and ${at} < u.window_end
      order by u.window_start desc limit 1
    ) u on true
    left join lateral (
      select max(b.window_end) as ended from feature_usage b
      where b.subscription_id = ${subscription.id} and b.feature_id = w.feature_id
        and b.window_end > w.window_start and b.window_end <= ${at}
    ) b on u.window_start is null
    cross join lateral usage_extras(${at}, ${subscription.userId}, ${subscription.id}, w.feature_id,
      coalesce(u.window_start, b.ended, w.window_start)) x
    cross join lateral (
      select case when x.is_overridden then x.override_limit when u.window_start is null then w.quota_limit
        else u.quota_limit end as quota_limit
    ) l`.execute(db)
  return rows
}

const featuresOf = (plan: PlanVersion, rows: readonly StandingRow[]): FeatureUsage[] =>
  plan.features.map((feature) => {
    const row = rows.find((each) => each.feature_id === feature.featureId)
    return { feature, standing: row === undefined ? null : standingFromRow(row) }
  })

const standingFromRow = (row: StandingRow): Standing => ({
  usedAmount: row.used_amount,
  quotaLimit: row.quota_limit,
  remaining: row.remaining,
  windowStart: row.window_start,
  windowEnd: row.window_end,
  rolledOver: row.rolled_over,
  grantedRemaining: row.granted_left,
  held: row.held_amount,
  overage: row.overage_amount,
})
