import pg from 'pg'

/** A counter that differs from the sum of its ledger. */
export type Disagreement = {
  /** The counter: `used` of a window, another part of the window, or `grant used`. */
  readonly what: string
  /** The id of the subscription, or of the grant. */
  readonly id: string
  readonly feature: string
  /** Null for a grant. */
  readonly window_start: Date | null
  readonly counted: string
  readonly in_the_ledger: string
}

/** Disagreements that are listed. More would not help to find the cause. */
export const DISAGREEMENTS_MAX = 1_000

/**
 * Compares each counter with its ledger, in one snapshot, so it may run while usage is counted. Events without a window
 * are compared with zero.
 */
export async function audit(databaseUrl: string): Promise<Disagreement[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-audit',
  })
  await client.connect()
  try {
    const { rows } = await client.query<Disagreement>(STATEMENT, [DISAGREEMENTS_MAX])
    return rows
  } finally {
    await client.end()
  }
}

/** A disagreement as a line for the operator. */
export const sentenceOf = (each: Disagreement): string => {
  const window = each.window_start === null ? '' : ` from ${each.window_start.toISOString()}`
  const what = each.what === 'used' ? '' : `${each.what} `
  return `${each.id} ${each.feature}${window}: ${what}counted ${each.counted}, in the ledger ${each.in_the_ledger}`
}

const STATEMENT = `
  with ledger as (
    select subscription_id, feature_id, window_start, sum(amount) as used, sum(granted_amount) as granted,
      sum(overage_amount) as overage, sum(billed_amount) as billed
    from usage_events where outcome = 'allowed' group by 1, 2, 3
  ), draws_of_window as (
    select subscription_id, feature_id, window_start, sum(amount) as drawn from usage_grant_draws group by 1, 2, 3
  ), draws_of_grant as (
    select grant_id, sum(amount) as drawn from usage_grant_draws group by 1
  ), reports as (
    select subscription_id, feature_id, window_start, sum(amount) as reported from usage_overage_reports group by 1, 2, 3
  ), summed as (
    select subscription_id, feature_id, window_start, sum(e.amount) as used, bool_or(e.is_carried) as is_carried
    from usage_events e join feature_usage u using (subscription_id, feature_id, window_start)
    where e.outcome = 'allowed' and e.occurred_at < u.summed_until group by 1, 2, 3
  ), sums as (
    select subscription_id, feature_id, window_start, sum(s.used_amount) as used
    from usage_sums s join feature_usage u using (subscription_id, feature_id, window_start) group by 1, 2, 3
  ), compared as (
    select c.what, coalesce(u.subscription_id, l.subscription_id) as id,
      coalesce(u.feature_id, l.feature_id) as feature_id, coalesce(u.window_start, l.window_start) as window_start,
      coalesce(c.counted, 0) as counted, coalesce(c.in_the_ledger, 0) as in_the_ledger
    from feature_usage u
    full join ledger l using (subscription_id, feature_id, window_start)
    left join draws_of_window d using (subscription_id, feature_id, window_start)
    left join reports r using (subscription_id, feature_id, window_start)
    left join feature_usage p on p.subscription_id = u.subscription_id and p.feature_id = u.feature_id
      and p.window_end = u.window_start and u.rolled_in_amount > 0
    cross join lateral (values
      ('used', u.used_amount, l.used),
      ('granted', u.granted_amount, l.granted),
      ('drawn on grants', u.granted_amount, d.drawn),
      ('overage', u.overage_amount, l.overage),
      ('billed overage', u.billed_amount, l.billed),
      ('reported overage', u.reported_amount, r.reported),
      ('rolled over', u.rolled_in_amount, p.rolled_out_amount)
    ) as c(what, counted, in_the_ledger)
    union all
    select 'grant used', g.id, g.feature_id, null, g.used_amount, coalesce(d.drawn, 0)
    from usage_grants g left join draws_of_grant d on d.grant_id = g.id
    union all
    -- Histories keep the months that the ledger no longer has.
    select 'history', subscription_id, feature_id, window_start, coalesce(s.used, 0), coalesce(l.used, 0)
    from sums s full join summed l using (subscription_id, feature_id, window_start)
    where l.is_carried is not true
  )
  select c.what, c.id, f.code as feature, c.window_start, c.counted::text, c.in_the_ledger::text
  from compared c
  join features f on f.id = c.feature_id
  where c.counted <> c.in_the_ledger
  order by 1, 2, 3, 4
  limit $1`
