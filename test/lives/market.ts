import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'
import type { Act } from './acts.ts'
import { insist } from './insist.ts'
import { PLANS, SLUGS, type Slug, type Terms } from './oracle/catalogue.ts'
import { CODES, COUPONS } from './oracle/discount.ts'
import { DONE, type Outcome } from './outcome.ts'
import { callAsOperator, readWithRetries, type Resident } from './resident.ts'

/** Plans that the lives use and `catalogue.yaml` does not contain. */
const OWN: readonly Slug[] = ['plan_team_yearly']

export type Market = {
  /** Publishes all plan versions that are due by an instant. */
  readonly keepUp: (at: number) => Promise<void>
}

/** Creates what operators and the account's owner prepare: coupons, promotion codes, a meter, and plans with later versions. */
export async function openMarket(world: World): Promise<Market> {
  const { stripe } = world
  for (const code of CODES) {
    const { percent, amount, duration } = COUPONS[code]
    await stripe.coupons.create({
      id: code,
      ...(percent === null ? { amount_off: amount, currency: 'usd' } : { percent_off: percent }),
      ...(typeof duration === 'object'
        ? { duration: 'repeating', duration_in_months: duration.months }
        : { duration }),
    })
    await stripe.promotionCodes.create({ code, promotion: { type: 'coupon', coupon: code } })
  }
  await stripe.billing.meters.create({
    display_name: 'Messages',
    event_name: 'messages_sent',
    default_aggregation: { formula: 'sum' },
  })
  const published = new Map(SLUGS.map((slug) => [slug, OWN.includes(slug) ? 0 : 1]))
  for (const slug of OWN) {
    const { name, rank } = PLANS[slug]
    await callAsOperator(world, `plan-${slug}`, ['PUT', `/admin/plans/${slug}`, { name, rank }])
  }
  return {
    async keepUp(at) {
      for (const slug of SLUGS)
        for (const [index, terms] of PLANS[slug].versions.entries()) {
          if (index < (published.get(slug) ?? 0) || terms.since > at) continue
          await publish(world, slug, terms)
          published.set(slug, index + 1)
        }
    },
  }
}

async function publish(world: World, slug: Slug, { since, ...terms }: Terms): Promise<void> {
  const path = `/admin/plans/${slug}/versions`
  const body = {
    period: PLANS[slug].months === 12 ? 'yearly' : 'monthly',
    price: { amount_minor: terms.price, currency: 'usd' },
    trial_days: terms.trialDays,
    features: Object.entries(terms.quotas).map(([code, { limit, months, beyond }]) => ({
      code,
      ...(limit !== null && { quota_limit: limit }),
      ...(months !== null && { reset: 'period', overage: beyond }),
    })),
  }
  const drafted = await callAsOperator(world, `draft-${slug}-${since}`, ['POST', path, body])
  if (drafted.status !== 201) throw new Error(JSON.stringify(drafted.body))
  const published = await callAsOperator(world, `publish-${slug}-${since}`, [
    'PUT',
    `${path}/${drafted.body.version}/publication`,
    {},
  ])
  // A retry after a lost answer finds the version published already.
  if (published.status !== 200 && published.body.code !== 'plan_version_published')
    throw new Error(JSON.stringify(published.body))
}

/** The body of a checkout: applications pass a one-time coupon; customers enter the other codes. */
export const bodyOf = ({ plan, quantity, off }: Extract<Act, { kind: 'buy' }>) => ({
  plan_id: plan,
  ...(quantity !== undefined && { quantity }),
  ...(off !== undefined && (off === 'ONCE' ? { coupon: off } : { promotion_code: off })),
})

/** Migrations of the same versions must not overlap, so operators start them one after the other. */
const migrating = new WeakMap<World, Promise<unknown>>()
/** Longer than a storm. */
const MOVED_MAX_MS = 120_000
/** If a migration's step is never confirmed, an operator must start another migration. */
const BEGUN_MAX = 5

export async function migrate(
  world: World,
  resident: Resident,
  when: 'now' | 'period_end',
): Promise<Outcome> {
  const before = migrating.get(world)
  // The caller of the previous migration handles its failure; this one starts either way.
  const moved = Promise.allSettled([before]).then(() => advance(world, resident, when))
  migrating.set(world, moved)
  return moved
}

async function advance(world: World, resident: Resident, when: string): Promise<Outcome> {
  const { user, subscriptionId } = resident
  if (subscriptionId === null) return DONE
  const { body: own } = await readWithRetries(world, user, `/subscriptions/${subscriptionId}`)
  const { slug, version, version_on_sale: newest } = own.plan
  if (version === newest) return DONE
  for (let begun = 1; begun <= BEGUN_MAX; begun++) {
    resident.calls += 1
    const key = `migration-${user}-${resident.calls}`
    const request = {
      from: [{ plan: slug, version }],
      to: { plan: slug, version: newest },
      when,
      filter: { user_ids: [user] },
      canary_percent: 0,
      reason: 'a life',
    }
    const { body } = await callAsOperator(world, key, ['POST', '/admin/plan-migrations', request])
    const path = `/admin/plan-migrations/${body.id}`
    await until(
      `migration ${body.id} is done`,
      async () => (await callAsOperator(world, undefined, ['GET', path])).body.state === 'done',
      MOVED_MAX_MS,
    )
    const { body: page } = await callAsOperator(world, undefined, ['GET', `${path}/items`])
    if (page.items.every((each: { state: string }) => each.state !== 'failed')) return DONE
  }
  return { code: 'migration_failed' }
}

/** The total of Stripe's meter for a customer. */
export async function meteredOf({ stripe, clock }: World, customer: string): Promise<number> {
  const [meter] = (await stripe.billing.meters.list({ limit: 1 })).data
  if (meter === undefined) throw new Error('there is no meter')
  const found = await insist(() =>
    stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time: 0,
      end_time: Math.ceil(clock.now().getTime() / 60_000) * 60,
    }),
  )
  return found?.data.reduce((sum, { aggregated_value: value }) => sum + value, 0) ?? 0
}
