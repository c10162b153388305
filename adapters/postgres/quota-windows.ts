import { sql, type Kysely } from 'kysely'
import { FOREVER, type QuotaWindow } from '../../domain/quota-window.ts'
import type { Database } from './schema.ts'

/** Whose windows, by which plan, and for what happens (or happened) when. */
export type Opening = {
  readonly subscriptionId: string
  /** Windows of a plan that is no longer the subscription's do not open. */
  readonly planVersionId: string
  readonly now: Date
  readonly at: Date
}

/**
 * Opens the windows that hold `at`. One that is open stays open to its own end, also when the boundaries moved in between
 * (a change from monthly to yearly), and the next one begins no sooner than it ended: moving boundaries is no way to a
 * fresh quota. What rolls over does so here. See `open_usage_windows`. Running it twice changes nothing.
 */
export async function openQuotaWindows(
  db: Kysely<Database>,
  { subscriptionId, planVersionId, now, at }: Opening,
  windows: readonly QuotaWindow[],
): Promise<void> {
  if (windows.length === 0) return
  const column = <K extends keyof QuotaWindow>(name: K) => windows.map((window) => window[name])
  await sql`select open_usage_windows(${now}, ${at}, ${subscriptionId}, ${planVersionId}, ${column('featureId')}::uuid[],
    ${column('start')}::timestamptz[], ${column('end')}::timestamptz[], ${column('quotaLimit')}::bigint[],
    ${column('rolloverMax')}::bigint[])`.execute(db)
}

/** Gives the windows that are open at `at` the limits of the present plan; what was used stays. */
export async function limitQuotaWindows(
  db: Kysely<Database>,
  subscriptionId: string,
  windows: readonly QuotaWindow[],
  at: Date,
): Promise<void> {
  if (windows.length === 0) return
  // A rollover names windows before the present one too; their limits are history.
  const wanted = inLockOrder(windows.filter(({ end }) => at < end))
  await sql`
    with locked as materialized (
      select u.feature_id, u.window_start, w.quota_limit from feature_usage u
      join ${rowsOf(wanted)} on u.feature_id = w.feature_id
      where u.subscription_id = ${subscriptionId} and u.window_start <= ${at} and ${at} < u.window_end
      order by u.feature_id, u.window_start
      for update of u
    )
    update feature_usage u set quota_limit = l.quota_limit, alert_at = 0 from locked l
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
