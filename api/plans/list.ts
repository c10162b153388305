import { OpenAPIHono, z } from '@hono/zod-openapi'
import { periodField } from '../../adapters/catalogue/terms.ts'
import { misfitOf } from '../../domain/catalogue/addon.ts'
import { viewOfPeriod } from '../../domain/catalogue/period.ts'
import { FEATURE_TYPES, OVERAGES, RESETS, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { availableTrials } from './available-trials.ts'
import { currencyField } from './fields.ts'
import { usagePricesSchema, usagePricesView } from './usage-prices.ts'
import { validationHook } from '../validation.ts'
import { createRoute } from '../route.ts'
import { toCalls } from '../links.ts'

/** An amount of money. */
export const priceSchema = z
  .object({
    amount_minor: z.int().describe('In minor units: 2000 is $20.00.'),
    currency: z.string(),
  })
  .openapi('Price')

/** A price in a response. The amount is in minor units, for one unit and one period. */
export const priceView = ({ price }: Pick<PlanVersion, 'price'>) => ({
  amount_minor: price.amountMinor,
  currency: price.currency,
})

const featuresSchema = z.array(
  z
    .object({
      code: z.string(),
      name: z.string(),
      type: z.enum(FEATURE_TYPES),
      unit: z.string().nullable().describe('The name of one unit, such as `message`.'),
      quota_limit: z.int().nullable().describe('Null is unlimited.'),
      per_quantity: z
        .boolean()
        .describe('Whether the limit is that of one unit, and counts times the quantity.'),
      reset: z.enum(RESETS),
      overage: z.enum(OVERAGES),
    })
    .openapi('PlanFeature'),
)

const offerSchema = z
  .object({
    version: z.int(),
    period: periodField,
    price: priceSchema,
    features: featuresSchema,
    usage_prices: usagePricesSchema,
    ends_at: z.iso.datetime().nullable().describe('When the offer ends. Null: never.'),
  })
  .openapi('Offer')

const planSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    product_line: z.string().describe('A user has at most one live subscription per product line.'),
    version: z.int(),
    period: periodField,
    price: priceSchema,
    currencies: z
      .array(z.string())
      .describe('The currencies in which the plan is sold, its default first.'),
    trial_days: z.int(),
    trial_available: z
      .boolean()
      .nullable()
      .describe(
        'Whether the user of this request would get the trial: false when they had one before, or the plan has none. Null without a user.',
      ),
    features: featuresSchema,
    usage_prices: usagePricesSchema,
    addons: z
      .array(z.string())
      .describe('The slugs of the add-ons that can be added in this currency: see `addons`.'),
    // Not `nullable()`, which would make the component itself nullable.
    offer: z
      .union([offerSchema, z.null()])
      .describe(
        'The terms that the user of this request gets instead of those above. Null without an offer, and without a user.',
      ),
  })
  .openapi('Plan')

const addonSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    version: z.int(),
    period: periodField,
    price: priceSchema,
    features: featuresSchema,
  })
  .openapi('Addon')

const route = createRoute({
  operationId: 'listPlans',
  leadsTo: [toCalls(['checkout'], { plan_id: '$response.body#/plans/0/id' })],
  callers: 'anyone',
  method: 'get',
  path: '/plans',
  tags: ['Plans'],
  summary: 'List the plans on sale',
  description:
    'Needs no key. With a user’s token, or an API key and `X-User-Id`, each plan says whether this user would get its trial, and names the user’s offer.',
  request: {
    query: z.object({
      currency: currencyField
        .optional()
        .describe(
          'Returns each plan in this currency; a plan that is not sold in it, in its default currency.',
        ),
    }),
  },
  responses: {
    200: {
      description: 'All plans for new subscriptions, by rank.',
      content: jsonContent(
        z.object({
          plans: z.array(planSchema),
          addons: z
            .array(addonSchema)
            .describe('The add-ons on sale, one entry for each currency, by rank.'),
        }),
      ),
    },
    ...problemResponses(
      'invalid_request',
      'unauthenticated',
      'rate_limited',
      'database_unavailable',
      'identity_provider_unavailable',
    ),
  },
})

/** The plans on sale. The call is public. */
export const listPlans = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const { currency } = c.req.valid('query')
    const sold = new Map<string, PlanVersion[]>()
    for (const each of await dependencies.repositories.plans.listActive())
      sold.set(each.planId, [...(sold.get(each.planId) ?? []), each])
    const offered = [...sold.values()].flatMap((versions) => {
      const wanted = versions.find(({ price }) => price.currency === currency) ?? versions[0]
      const currencies = versions.map(({ price }) => price.currency)
      return wanted === undefined ? [] : [{ plan: wanted, currencies }]
    })
    const visitor = visitorOf(c.get('caller'))
    const trials =
      visitor &&
      (await availableTrials(
        dependencies,
        visitor,
        offered.map(({ plan }) => plan),
      ))
    const offers =
      visitor === undefined
        ? []
        : await dependencies.repositories.plans.listOffers(visitor.userId, dependencies.clock.now())
    const addons = await dependencies.repositories.plans.listAddons()
    const plans = offered.map(({ plan, currencies }) => ({
      ...viewOfPlan(plan, currencies),
      addons: addons.filter((addon) => misfitOf(addon, plan) === null).map(({ slug }) => slug),
      offer: viewOfOffer(offers.find(({ planId }) => planId === plan.planId)),
      trial_available: trials === undefined ? null : trials.has(plan.id),
    }))
    return c.json({ plans, addons: addons.map(viewOfAddon) }, 200)
  })

/** The user of a request, which may have no caller at all. */
function visitorOf(caller: Caller | undefined) {
  if (caller === undefined || caller.userId === null) return undefined
  return { userId: caller.userId, email: caller.kind === 'user_token' ? caller.email : null }
}

const viewOfPlan = (plan: PlanVersion, currencies: string[]) => ({
  id: plan.planId,
  slug: plan.slug,
  name: plan.name,
  product_line: plan.productLine,
  version: plan.version,
  period: viewOfPeriod(plan.period),
  price: priceView(plan),
  currencies,
  trial_days: plan.trialDays,
  features: featuresView(plan),
  usage_prices: usagePricesView(plan.features),
})

const viewOfAddon = (addon: PlanVersion): z.infer<typeof addonSchema> => ({
  id: addon.planId,
  slug: addon.slug,
  name: addon.name,
  version: addon.version,
  period: viewOfPeriod(addon.period),
  price: priceView(addon),
  features: featuresView(addon),
})

const viewOfOffer = (offer: PlanVersion | undefined): z.infer<typeof offerSchema> | null =>
  offer === undefined
    ? null
    : {
        version: offer.version,
        period: viewOfPeriod(offer.period),
        price: priceView(offer),
        features: featuresView(offer),
        usage_prices: usagePricesView(offer.features),
        ends_at: offer.offerEndsAt?.toISOString() ?? null,
      }

const featuresView = ({ features }: PlanVersion) =>
  features.map((feature) => ({
    code: feature.code,
    name: feature.name,
    type: feature.type,
    unit: feature.unit,
    quota_limit: feature.quotaLimit,
    per_quantity: feature.perQuantity,
    reset: feature.reset,
    overage: feature.overage,
  }))
