import { randomUUID } from 'node:crypto'
import { subscriptionId, userId } from '../../domain/ids.ts'
import type { Period } from '../../domain/catalogue/period.ts'
import type { Overage, PlanVersion, Reset } from '../../domain/catalogue/plan.ts'
import type { TestDatabase } from './database.ts'
import { quotaWindowsAt } from '../../domain/usage/quota-window.ts'
import type { RetentionPolicy } from '../../domain/operator/retention.ts'
import type { Repositories } from '../../domain/repositories.ts'
import type { SubscriptionWrite } from '../../domain/subscription/repository.ts'
import type { SettlePolicy } from '../../domain/usage/reservation.ts'
import { newSubscription, type Subscription } from '../../domain/subscription/subscription.ts'
import { activateFree } from '../../domain/subscription/renewal.ts'
import { FOREVER } from '../../domain/usage/quota-window.ts'

type Given = {
  readonly user?: string
  readonly plan?: PlanVersion
  readonly timeZone?: string
  readonly at: Date
}

/** The default retention, without an operator's setting. */
export const A_POLICY: RetentionPolicy = {
  usageMonths: null,
  idempotencyDays: 30,
  payloadDays: 30,
  eventDays: 400,
  webhookDays: 30,
  decisionDays: null,
}

/** A write that changes only the fields that a test gives. */
export const aWrite = (
  before: Subscription,
  given: Partial<SubscriptionWrite> = {},
): SubscriptionWrite => ({
  before,
  after: before,
  at: before.updatedAt,
  actor: 'stripe',
  cause: 'test',
  changes: [],
  letters: [],
  windows: [],
  endWindowsAt: null,
  alert: null,
  eventIds: [],
  ...given,
})

/** A stored subscription that has not started. */
export async function storeSubscription(
  repositories: Repositories,
  given: Given,
): Promise<Subscription> {
  const plan = given.plan ?? (await getPlan(repositories, 'plan_pro_monthly'))
  const user = given.user ?? `user-${randomUUID()}`
  const { timeZone } = given
  await repositories.customers.upsert(
    { userId: user, email: `${user}@example.com`, ...(timeZone && { timeZone }) },
    given.at,
  )
  const subscription = newSubscription({
    id: subscriptionId(randomUUID()),
    userId: userId(user),
    productLine: plan.productLine,
    planVersionId: plan.id,
    at: given.at,
  })
  await repositories.subscriptions.create(subscription)
  return subscription
}

/** A stored subscription that is active since `at`, with open windows. */
export async function storeActive(repositories: Repositories, given: Given): Promise<Subscription> {
  const plan = given.plan ?? (await getPlan(repositories, 'plan_free'))
  const before = await storeSubscription(repositories, { ...given, plan })
  const after = { ...activateFree(before, plan, given.at), accessUntil: FOREVER }
  const windows = quotaWindowsAt(
    plan,
    { anchor: given.at, timeZone: given.timeZone ?? null },
    given.at,
  )
  await repositories.subscriptions.save(aWrite(before, { after, windows, at: given.at }))
  return { ...after, observedSeq: 1 }
}

export async function getPlan(repositories: Repositories, slug: string): Promise<PlanVersion> {
  const plan = await repositories.plans.findActive(slug)
  if (plan === undefined) throw new Error(`no plan ${slug}`)
  return plan
}

/** A plan with one metered feature, on sale in a separate product line for each test. */
export async function storePlan(
  { pool, repositories }: Pick<TestDatabase, 'pool' | 'repositories'>,
  given: {
    readonly feature?: string
    readonly quotaLimit: number | null
    readonly reset?: Reset
    readonly overage?: Overage
    readonly rolloverMax?: number
    readonly thresholds?: readonly number[]
    readonly settle?: SettlePolicy
    readonly period?: Period
    readonly perQuantity?: boolean
    readonly priceMinor?: number
  },
): Promise<PlanVersion> {
  const slug = `plan_${randomUUID().replaceAll('-', '_')}`
  const [planId, versionId] = [randomUUID(), randomUUID()]
  await pool.query(
    `insert into plans (id, slug, name, rank, created_at) values ($1, $2, 'Test', 1, now())`,
    [planId, slug],
  )
  await pool.query(
    `insert into plan_versions (id, plan_id, version, period, price_minor, currency, created_at)
     values ($1, $2, 1, $3, $4, 'usd', now())`,
    [versionId, planId, given.period ?? 'monthly', given.priceMinor ?? 0],
  )
  await pool.query(
    `insert into plan_features (plan_version_id, feature_id, quota_limit, reset, overage, rollover_max, alert_thresholds,
       settle, per_quantity)
     select $1, id, $3, $4, $5, $6, $7, $8, $9 from features where code = $2`,
    [
      versionId,
      given.feature ?? 'messages_sent',
      given.quotaLimit,
      given.reset ?? 'period',
      given.overage ?? 'refuse',
      given.rolloverMax ?? null,
      given.thresholds ?? [80, 100],
      given.settle ?? null,
      given.perQuantity ?? false,
    ],
  )
  await pool.query('update plan_versions set published_at = now(), active = true where id = $1', [
    versionId,
  ])
  return repositories.plans.getVersion(versionId)
}
