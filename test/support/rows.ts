import { randomUUID } from 'node:crypto'
import { subscriptionId, userId } from '../../domain/ids.ts'
import type { PlanVersion } from '../../domain/plan.ts'
import { quotaWindowsAt } from '../../domain/quota-window.ts'
import type { Repositories, SubscriptionWrite } from '../../domain/repositories.ts'
import { newSubscription, type Subscription } from '../../domain/subscription.ts'
import { activateFree } from '../../domain/renewal.ts'
import { FOREVER } from '../../domain/quota-window.ts'

type Given = {
  readonly user?: string
  readonly plan?: PlanVersion
  readonly timeZone?: string
  readonly at: Date
}

/** A write that changes nothing but what a test says. */
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
  notices: [],
  windows: [],
  endWindowsAt: null,
  invoice: null,
  eventIds: [],
  ...given,
})

/** A stored subscription that has not begun. */
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

/** A stored subscription that runs from `at` on, its windows open. */
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
