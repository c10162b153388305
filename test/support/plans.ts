import { randomUUID } from 'node:crypto'
import type { Period } from '../../domain/catalogue/period.ts'
import type { Overage } from '../../domain/catalogue/plan.ts'
import type { World } from './world.ts'

export const TRIAL_PLAN = 'plan_trial'

type Sold = {
  readonly slug: string
  readonly priceMinor: number
  readonly rank?: number
  readonly period?: Period
  readonly trialDays?: number
  readonly productLine?: string
  readonly overage?: Overage
}

/** Publishes a plan that grants 100 messages a period. */
export async function sell({ database }: World, given: Sold): Promise<void> {
  const { slug, priceMinor, rank = 12, period = 'monthly', trialDays = 0 } = given
  const { productLine = 'main', overage = 'refuse' } = given
  const [plan, version] = [randomUUID(), randomUUID()]
  await database.pool.query(
    `insert into plans (id, slug, name, rank, product_line, created_at) values ($1, $2, $2, $3, $4, now())`,
    [plan, slug, rank, productLine],
  )
  await database.pool.query(
    `insert into plan_versions (id, plan_id, version, period, price_minor, currency, trial_days, created_at)
     values ($1, $2, 1, $3, $4, 'usd', $5, now())`,
    [version, plan, period, priceMinor, trialDays],
  )
  await database.pool.query(
    `insert into plan_features (plan_version_id, feature_id, quota_limit, reset, overage)
     select $1, id, 100, 'period', $2 from features where code = 'messages_sent'`,
    [version, overage],
  )
  await database.pool.query(
    `update plan_versions set published_at = now(), active = true where id = $1`,
    [version],
  )
}

/** A monthly plan for $30.00 with a trial of two weeks. */
export const sellTrialPlan = (world: World): Promise<void> =>
  sell(world, { slug: TRIAL_PLAN, priceMinor: 3_000, trialDays: 14 })
