import { money } from '../../../domain/money.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import { usagePriceFrom } from '../../catalogue/usage-price-json.ts'
import type { PlanVersionJson } from './catalogue-json.ts'
import type { Operations } from './port.ts'
import { instantFrom } from './stored.ts'

/** Published versions never change, so they are cached. The cache is cleared when it is full. */
const CACHED_VERSIONS_MAX = 1_000
/** The name and rank of the plan, which are part of a cached version, may change. They are at most this old. */
const CACHED_MS = 30_000

/** Refused usage asks which plans begin by themselves: a loop of refused calls costs one statement a second. */
const ATTACHED_CACHED_MS = 1_000

type OnSale = {
  readonly name?: string
  readonly userId?: string
  readonly at?: Date
  readonly currency?: string | undefined
}

/** Published plan versions. Each is cached for at most 30 s; plans on sale are always read. */
export function createPlanRepository(operations: Operations): PlanRepository {
  const versions = new Map<string, { readonly version: PlanVersion; readonly until: number }>()
  const remember = (version: PlanVersion) => {
    if (versions.size >= CACHED_VERSIONS_MAX) versions.clear()
    versions.set(version.id, { version, until: performance.now() + CACHED_MS })
    return version
  }
  const onSale = plansOnSale(operations)
  const find = async (id: string | null, price: string | null) => {
    const wanted = { p_id: id, p_price: price }
    const [found] = await operations.values('find_plan_version', wanted)
    return found && planVersionFrom(found)
  }

  return {
    listActive: async () => (await onSale({})).filter(isBase),
    listAutoAttached: autoAttached(operations),
    listAddons: async () => (await onSale({})).filter(isAddon),
    listOffers: async (userId, at) =>
      (await onSale({ userId, at })).filter(({ isOffer }) => isOffer),
    findActive: async (name, currency) => (await onSale({ name, currency })).find(isBase),
    findOffered: async (name, to) => (await onSale({ name, ...to })).find(isBase),
    findAddon: async (name, currency) => (await onSale({ name, currency })).find(isAddon),

    async getVersion(planVersionId) {
      const cached = versions.get(planVersionId)
      if (cached !== undefined && performance.now() < cached.until) return cached.version
      const version = await find(planVersionId, null)
      if (version === undefined)
        throw new Error(`there is no published plan version ${planVersionId}`)
      return remember(version)
    },

    findByStripePrice: (stripePriceId) => find(null, stripePriceId),

    async recordStripeIds(planVersionId, { productId, priceId }) {
      await operations.run('record_stripe_price', {
        p_version: planVersionId,
        p_product: productId,
        p_price: priceId,
      })
      versions.delete(planVersionId)
    },

    async replaceStripePrice(planVersionId, { from, to, at }) {
      await operations.run('replace_stripe_price', {
        p_version: planVersionId,
        p_old: from,
        p_new: to,
        p_now: at,
      })
      versions.delete(planVersionId)
    },
  }
}

const plansOnSale =
  (operations: Operations) =>
  async ({ name, userId, at, currency }: OnSale): Promise<PlanVersion[]> => {
    const found = await operations.values('list_plans_on_sale', {
      p_name: name ?? null,
      p_user: userId ?? null,
      p_now: at ?? null,
      p_currency: currency ?? null,
    })
    return found.map(planVersionFrom)
  }

const autoAttached = (operations: Operations): PlanRepository['listAutoAttached'] => {
  let kept: { readonly plans: Promise<readonly PlanVersion[]>; readonly until: number } | undefined
  const read = async () =>
    (await operations.values('list_auto_attached_plans', {})).map(planVersionFrom)
  return async () => {
    // Concurrent calls share the statement, because the promise is kept.
    if (kept === undefined || performance.now() >= kept.until)
      kept = { plans: read(), until: performance.now() + ATTACHED_CACHED_MS }
    const mine = kept
    try {
      return await mine.plans
    } catch (error) {
      if (kept === mine) kept = undefined
      throw error
    }
  }
}

const isBase = ({ kind }: PlanVersion): boolean => kind === 'base'
const isAddon = ({ kind }: PlanVersion): boolean => kind === 'addon'

const planVersionFrom = (json: PlanVersionJson): PlanVersion => ({
  id: json.id,
  planId: json.plan_id,
  slug: json.slug,
  name: json.name,
  productLine: json.product_line,
  rank: json.rank,
  kind: json.kind,
  fits: json.fits,
  version: json.version,
  period: json.period,
  price: money(json.price_minor, json.currency),
  trialDays: json.trial_days,
  stripePriceId: json.stripe_price_id,
  isOffer: json.is_offer,
  offerEndsAt: instantFrom(json.offer_ends_at),
  features: json.features.map((feature) => ({
    featureId: feature.id,
    code: feature.code,
    name: feature.name,
    type: feature.type,
    unit: feature.unit,
    quotaLimit: feature.quota_limit,
    reset: feature.reset,
    overage: feature.overage,
    rolloverMax: feature.rollover_max,
    perQuantity: feature.per_quantity,
    meter: feature.meter,
    usagePrice: feature.usage_price && usagePriceFrom(feature.usage_price),
  })),
})
