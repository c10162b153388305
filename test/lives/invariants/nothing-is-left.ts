import type { Invariant } from './all.ts'

/** All accepted work is done: no webhook, message or alert waits, and none was given up. */
export const nothingIsLeft: Invariant = async ({ database }) => {
  const { rows } = await database.pool.query<{ what: string; count: number }>(
    `select 'event ' || state || ' ' || coalesce(last_error, '') as what, count(*)::int as count from stripe_events
       where state in ('received', 'forwarded') group by 1
     union all
     select 'message ' || state || ' ' || coalesce(last_error, ''), count(*)::int from notices
       where state in ('pending', 'failed') group by 1`,
  )
  return rows.map(({ what, count }) => `left over: ${count} × ${what}`)
}
