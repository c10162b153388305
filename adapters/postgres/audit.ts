import pg from 'pg'

/** A window whose counter is not the sum of its ledger. */
export type Disagreement = {
  readonly subscription_id: string
  readonly feature: string
  readonly window_start: Date
  readonly used_amount: string
  readonly ledger_amount: string
}

/** More than this helps nobody to find the cause. */
export const DISAGREEMENTS_MAX = 1_000

/**
 * Compares each window with its ledger, in one snapshot, so it may run while usage is counted. Events whose window does
 * not exist count against a window of zero.
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

const STATEMENT = `
  with ledger as (
    select subscription_id, feature_id, window_start, sum(amount) as amount
    from usage_events where outcome = 'allowed' group by 1, 2, 3
  )
  select coalesce(u.subscription_id, l.subscription_id) as subscription_id, f.code as feature,
    coalesce(u.window_start, l.window_start) as window_start,
    coalesce(u.used_amount, 0)::text as used_amount, coalesce(l.amount, 0)::text as ledger_amount
  from feature_usage u
  full join ledger l using (subscription_id, feature_id, window_start)
  join features f on f.id = coalesce(u.feature_id, l.feature_id)
  where coalesce(u.used_amount, 0) <> coalesce(l.amount, 0)
  order by 1, 2, 3
  limit $1`
