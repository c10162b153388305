import type { Invariant } from './all.ts'

/** All usage that was confirmed as counted is in the ledger, and only once. */
export const countedOnce: Invariant = async ({ database }, residents) => {
  const names = residents.flatMap(({ counted }) => [...counted])
  const { rows } = await database.pool.query<{ key: string; count: number }>(
    `select idempotency_key as key, count(*)::int as count from usage_events
     where outcome = 'allowed' and idempotency_key = any ($1) group by 1`,
    [names],
  )
  const counts = new Map(rows.map(({ key, count }) => [key, count]))
  return names
    .filter((name) => counts.get(name) !== 1)
    .map((name) => `usage ${name} is counted ${counts.get(name) ?? 0} times`)
}
