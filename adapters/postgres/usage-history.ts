import { sql, type Kysely } from 'kysely'
import type { HistoryBucket, HistoryQuestion } from '../../domain/usage-history.ts'
import type { Database } from './schema.ts'

type BucketRow = {
  starts_at: Date
  ends_at: Date
  used_amount: number
  overage_amount: number
  event_count: number
}

/**
 * A user's ledger of one feature by buckets of time, over all subscriptions that the user ever had; buckets in which
 * nothing happened are there. Events lie in the month in which they were accepted, at most a month after they occurred.
 */
export async function readUsageHistory(
  db: Kysely<Database>,
  { userId, feature, from, to, bucket, timeZone }: HistoryQuestion,
): Promise<HistoryBucket[]> {
  const { rows } = await sql<BucketRow>`
    with buckets as (
      select g as wall, g at time zone ${timeZone} as starts_at,
        (g + ('1 ' || ${bucket}::text)::interval) at time zone ${timeZone} as ends_at
      from generate_series(date_trunc(${bucket}, ${from}::timestamptz at time zone ${timeZone}),
        (${to}::timestamptz - interval '1 millisecond') at time zone ${timeZone},
        ('1 ' || ${bucket}::text)::interval) as g
    ), bounds as (
      select min(starts_at) as first, max(ends_at) as last from buckets
    ), used as (
      select date_trunc(${bucket}, e.occurred_at at time zone ${timeZone}) as wall, sum(e.amount)::bigint as used_amount,
        sum(e.overage_amount)::bigint as overage_amount, count(*) as event_count
      from subscriptions s
      join features f on f.code = ${feature}
      cross join bounds b
      join usage_events e on usage_counter(e.subscription_id, e.feature_id) = usage_counter(s.id, f.id)
        and e.subscription_id = s.id and e.feature_id = f.id
        and e.occurred_at >= b.first and e.occurred_at < b.last
      where s.user_id = ${userId} and e.outcome = 'allowed' and not e.is_carried
        and e.recorded_month >= (date_trunc('month', ${from}::timestamptz - interval '2 months'))::date
        and e.recorded_month <= (${to}::timestamptz + interval '3 months')::date
      group by 1
    )
    select b.starts_at, b.ends_at, coalesce(u.used_amount, 0) as used_amount,
      coalesce(u.overage_amount, 0) as overage_amount, coalesce(u.event_count, 0) as event_count
    from buckets b left join used u using (wall)
    order by b.starts_at`.execute(db)
  return rows.map((row) => ({
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    usedAmount: row.used_amount,
    overageAmount: row.overage_amount,
    events: row.event_count,
  }))
}
