import type { Stripe } from 'stripe'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  decimal,
  fields,
  flag,
  id,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  range,
  required,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newPrice } from '../objects/price.ts'
import { newProduct } from '../objects/product.ts'
import type { Price } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { given } from './given.ts'
import { amountsOf, TIER, tiersOf } from './price-amounts.ts'
import { mergeMetadata } from './metadata.ts'
import { productOf } from './products.ts'
import { PRODUCT_DATA, recurring } from './shared-params.ts'

/** Stripe's limit of lookup keys per list call. */
const LOOKUP_KEYS_MAX = 10
/** Three years, for every interval. */
const COUNT_MAX = { day: 1095, week: 156, month: 36, year: 3 } as const

const CREATE = {
  active: flag(),
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(text(3)),
  currency_options: unmodelled,
  custom_unit_amount: unmodelled,
  lookup_key: text(200),
  metadata: metadata(),
  nickname: text(),
  product: id(),
  product_data: fields({
    ...PRODUCT_DATA,
    active: flag(),
    id: id(),
    statement_descriptor: ignored,
    tax_details: ignored,
  }),
  recurring,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tiers: list(TIER),
  tiers_mode: oneOf('graduated', 'volume'),
  transfer_lookup_key: flag(),
  transform_quantity: fields({
    divide_by: required(integer(1)),
    round: required(oneOf('down', 'up')),
  }),
  unit_amount: integer(0),
  unit_amount_decimal: decimal(),
} as const satisfies Covers<Stripe.PriceCreateParams>

const UPDATE = {
  active: flag(),
  currency_options: unmodelled,
  lookup_key: text(200),
  metadata: metadata(),
  nickname: text(),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  transfer_lookup_key: flag(),
} as const satisfies Covers<Stripe.PriceUpdateParams>

const LIST = {
  ...paging,
  active: flag(),
  created: range(),
  currency: text(3),
  lookup_keys: list(text(200), LOOKUP_KEYS_MAX),
  product: id(),
  recurring: fields({
    interval: oneOf('day', 'week', 'month', 'year'),
    meter: id(),
    usage_type: oneOf('licensed', 'metered'),
  }),
  type: oneOf('one_time', 'recurring'),
} as const satisfies Covers<Stripe.PriceListParams>

/** The price that a parameter names. @throws Refusal (400) for an unknown id. */
export function priceOf(step: Step, wanted: string, param: string): Price {
  const row = step.find('prices', wanted)
  if (row === undefined) throw missing('price', wanted, param, 'param')
  return row
}

/** Stripe sells nothing more for an archived price; subscriptions that have it continue. */
/** Refuses a price that is sold no more, because it or its product was archived. */
export function refuseArchived(step: Step, price: Price, at: string): void {
  if (!price.active) throw inactivePrice(at)
  if (step.find('products', price.product)?.active !== false) return
  throw invalid(
    `Price \`${price.id}\` is not available to be purchased because its product is not active.`,
    at,
  )
}

const inactivePrice = (at: string) =>
  invalid('The price specified is inactive. This field only accepts active prices.', at)

const byPath = (step: Step, ids: Ids): Price =>
  rowByPath(step, { table: 'prices', noun: 'price', param: 'price' }, ids)

/** Prices: create, retrieve, update and list. @see https://docs.stripe.com/products-prices/manage-prices */
export const prices = [
  operation('POST /v1/prices', { answers: 'price', params: CREATE, run: create }),
  operation('GET /v1/prices/:id', {
    answers: 'price',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/prices/:id', {
    answers: 'price',
    params: UPDATE,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const { active, lookup_key, nickname, tax_behavior } = params
      if (lookup_key !== undefined) claimLookupKey(step, lookup_key, { params, owner: row.id })
      const merged = mergeMetadata(row.metadata, params.metadata)
      const to = { ...given({ active, lookup_key, nickname, tax_behavior }), metadata: merged }
      return revise(step, 'prices', { row, to, event: 'price.updated' })
    },
  }),
  operation('GET /v1/prices', {
    answers: 'price',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/prices',
        noun: 'price',
        table: 'prices',
        walk: params.product === undefined ? undefined : { index: 'product', key: params.product },
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.active === undefined || row.active === params.active) &&
          (params.currency === undefined || row.currency === params.currency) &&
          (params.type === undefined || row.type === params.type) &&
          recurs(row, params.recurring) &&
          (params.lookup_keys === undefined || params.lookup_keys.includes(row.lookup_key ?? '')),
      }),
  }),
]

function recurs({ recurring: own }: Price, wanted: Values<typeof LIST>['recurring']): boolean {
  if (wanted === undefined) return true
  return (
    own !== null &&
    (wanted.interval === undefined || own.interval === wanted.interval) &&
    (wanted.meter === undefined || own.meter === wanted.meter) &&
    (wanted.usage_type === undefined || own.usage_type === wanted.usage_type)
  )
}

function create(step: Step, { params }: { readonly params: Values<typeof CREATE> }): Price {
  const { active, lookup_key, nickname, tax_behavior } = params
  const product = productFor(step, params)
  if (lookup_key !== undefined) claimLookupKey(step, lookup_key, { params, owner: null })
  const price = step.put(
    'prices',
    newPrice({
      ...given({ active, lookup_key, nickname, tax_behavior }),
      ...amountsOf(params),
      created: step.now,
      currency: params.currency.toLowerCase(),
      metadata: params.metadata ?? {},
      product,
      recurring: recurrence(params.recurring),
    }),
  )
  const tiers = tiersOf(params)
  if (tiers.length > 0) step.put('priceTiers', { id: price.id, tiers })
  emit(step, 'price.created', price)
  return price
}

function recurrence(wanted: Values<typeof CREATE>['recurring']): Price['recurring'] {
  if (wanted === undefined) return null
  const { interval, interval_count = 1, meter = null, trial_period_days = null } = wanted
  if (interval_count > COUNT_MAX[interval]) {
    throw invalid('Prices recur at least every three years.', 'recurring[interval_count]')
  }
  const usage_type = wanted.usage_type ?? 'licensed'
  if (usage_type === 'metered' && meter === null) {
    throw invalid('Metered prices must be backed by a meter.', 'recurring[meter]')
  }
  return { interval, interval_count, meter, trial_period_days, usage_type }
}

function productFor(step: Step, { product, product_data: fresh }: Values<typeof CREATE>): string {
  if (product !== undefined) return productOf(step, product, 'param').id
  if (fresh === undefined) {
    throw invalid(
      'You must specify either product or product_data.',
      'product',
      'parameter_missing',
    )
  }
  const created = step.put(
    'products',
    newProduct({
      ...given({ id: fresh.id, active: fresh.active }),
      created: step.now,
      metadata: fresh.metadata ?? {},
      name: fresh.name,
    }),
  )
  emit(step, 'product.created', created)
  return created.id
}

/** A lookup key belongs to one price: a duplicate is refused, or transferred if the caller requests it. */
function claimLookupKey(
  step: Step,
  key: string,
  claim: {
    readonly params: { readonly transfer_lookup_key?: boolean | undefined }
    readonly owner: string | null
  },
): void {
  for (const holder of step.rows('prices', { index: 'lookup_key', key })) {
    if (holder.id === claim.owner) continue
    if (claim.params.transfer_lookup_key !== true) {
      const message = `A price (\`${holder.id}\`) already uses that lookup key.`
      throw invalid(message, 'lookup_key', 'resource_already_exists')
    }
    revise(step, 'prices', { row: holder, to: { lookup_key: null }, event: 'price.updated' })
    return
  }
}
