import { randomUUID } from 'node:crypto'
import type { World } from './world.ts'

export const TRIAL_PLAN = 'plan_trial'

/** Puts a monthly plan for $30.00 with two weeks of trial on sale. */
export async function sellTrialPlan({ database }: World): Promise<void> {
  const [plan, version] = [randomUUID(), randomUUID()]
  await database.pool.query(
    `insert into plans (id, slug, name, rank, created_at) values ($1, $2, 'Trial', 12, now())`,
    [plan, TRIAL_PLAN],
  )
  await database.pool.query(
    `insert into plan_versions (id, plan_id, version, period, price_minor, currency, trial_days, created_at)
     values ($1, $2, 1, 'monthly', 3000, 'usd', 14, now())`,
    [version, plan],
  )
  await database.pool.query(
    `insert into plan_features (plan_version_id, feature_id, quota_limit, reset)
     select $1, id, 100, 'period' from features where code = 'messages_sent'`,
    [version],
  )
  await database.pool.query(
    `update plan_versions set published_at = now(), active = true where id = $1`,
    [version],
  )
}
