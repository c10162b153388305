import { audit, sentenceOf } from '../../../adapters/database/postgres/audit.ts'
import type { Invariant } from './all.ts'

/** Each counter is the sum of its ledger, and no window overlaps the one before. */
export const countersAreLedgers: Invariant = async ({ database }) => {
  const { rows } = await database.pool.query<{ id: string }>(
    `select a.subscription_id as id from feature_usage a join feature_usage b
       on b.subscription_id = a.subscription_id and b.feature_id = a.feature_id
      and b.window_start > a.window_start and b.window_start < a.window_end`,
  )
  return [
    ...(await audit(database.url)).map(sentenceOf),
    ...rows.map(({ id }) => `${id} has windows that overlap`),
  ]
}
