import { sql, type Kysely } from 'kysely'
import { FOREVER, type QuotaWindow } from '../../domain/quota-window.ts'
import type { Database } from './schema.ts'

/**
 * Opens the windows that hold `at`. One that is open stays open to its own end, also when the boundaries moved in between
 * (a change from monthly to yearly), and the next one begins no sooner than it ended: moving boundaries is no way to a
 * fresh quota. Running it twice changes nothing.
 */
export async function openQuotaWindows(
  db: Kysely<Database>,
  subscriptionId: string,
  windows: readonly QuotaWindow[],
  at: Date,
): Promise<void> {
  if (windows.length === 0) return
  const wanted = inLockOrder(windows)
  await sql`
    insert into feature_usage (subscription_id, feature_id, window_start, window_end, quota_limit)
    select ${subscriptionId}, w.feature_id,
      greatest(w.starts, (
        select max(u.window_end) from feature_usage u
        where u.subscription_id = ${subscriptionId} and u.feature_id = w.feature_id and u.window_end <= ${at}
      )), w.ends, w.quota_limit
    from ${rowsOf(wanted)}
    where not exists (
      select from feature_usage u
      where u.subscription_id = ${subscriptionId} and u.feature_id = w.feature_id
        and u.window_start <= ${at} and ${at} < u.window_end
    )
    on conflict do nothing`.execute(db)
}

/** Gives the windows that are open at `at` the limits of the present plan; what was used stays. */
export async function limitQuotaWindows(
  db: Kysely<Database>,
  subscriptionId: string,
  windows: readonly QuotaWindow[],
  at: Date,
): Promise<void> {
  if (windows.length === 0) return
  const wanted = inLockOrder(windows)
  await sql`
    with locked as materialized (
      select u.feature_id, u.window_start, w.quota_limit from feature_usage u
      join ${rowsOf(wanted)} on u.feature_id = w.feature_id
      where u.subscription_id = ${subscriptionId} and u.window_start <= ${at} and ${at} < u.window_end
      order by u.feature_id, u.window_start
      for update of u
    )
    update feature_usage u set quota_limit = l.quota_limit from locked l
    where u.subscription_id = ${subscriptionId} and u.feature_id = l.feature_id
      and u.window_start = l.window_start and u.quota_limit is distinct from l.quota_limit`.execute(
    db,
  )
}

/** The order of `consume_usage`'s locks, so that the two cannot wait for each other. */
const inLockOrder = (windows: readonly QuotaWindow[]): QuotaWindow[] =>
  windows.toSorted((a, b) => (a.featureId < b.featureId ? -1 : 1))

const rowsOf = (windows: readonly QuotaWindow[]) => sql`unnest(
  ${windows.map((window) => window.featureId)}::uuid[],
  ${windows.map((window) => window.start)}::timestamptz[],
  ${windows.map((window) => window.end)}::timestamptz[],
  ${windows.map((window) => window.quotaLimit)}::bigint[]
) as w(feature_id, starts, ends, quota_limit)`

/** Ends the windows that are open at `at`; what never resets (seats that are held) goes on. */
export async function endQuotaWindows(
  db: Kysely<Database>,
  subscriptionId: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('feature_usage')
    .set({ window_end: at })
    .where('subscription_id', '=', subscriptionId)
    .where('window_start', '<', at)
    .where('window_end', '>', at)
    .where('window_end', '<', FOREVER)
    .execute()
}
