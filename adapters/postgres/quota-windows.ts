import type { Kysely } from 'kysely'
import { FOREVER, type QuotaWindow } from '../../domain/quota-window.ts'
import type { Database } from './schema.ts'

/**
 * Opens windows; one that is open already keeps what was used and takes over the limit of the present plan. In the order
 * of `consume_usage`'s locks, so that the two cannot wait for each other. Running it twice changes nothing.
 */
export async function openQuotaWindows(
  db: Kysely<Database>,
  subscriptionId: string,
  windows: readonly QuotaWindow[],
): Promise<void> {
  if (windows.length === 0) return
  await db
    .insertInto('feature_usage')
    .values(
      windows
        .toSorted((a, b) => (a.featureId < b.featureId ? -1 : 1))
        .map((window) => ({
          subscription_id: subscriptionId,
          feature_id: window.featureId,
          window_start: window.start,
          window_end: window.end,
          quota_limit: window.quotaLimit,
        })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['subscription_id', 'feature_id', 'window_start'])
        .doUpdateSet((eb) => ({ quota_limit: eb.ref('excluded.quota_limit') }))
        .where((eb) =>
          eb('feature_usage.quota_limit', 'is distinct from', eb.ref('excluded.quota_limit')),
        ),
    )
    .execute()
}

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
