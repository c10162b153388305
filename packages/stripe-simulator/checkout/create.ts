import { amountOf, recurrence } from '../billing/amounts.ts'
import { HOUR, MINUTE } from '../billing/calendar.ts'
import { claimed } from '../billing/discounts.ts'
import { dueNow } from './due-now.ts'
import { refuseTaxWithout, taxFields, taxOf } from './tax-settings.ts'
import { customerOf } from '../billing/customers.ts'
import type { Values } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { newCheckoutSession } from '../objects/checkout-session.ts'
import { newPrice } from '../objects/price.ts'
import { newProduct } from '../objects/product.ts'
import { given } from '../resources/given.ts'
import { priceOf, refuseArchived } from '../resources/prices.ts'
import { productOf } from '../resources/products.ts'
import { newId } from '../store/ids.ts'
import type { CheckoutSession, LineItem, Price } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { CheckoutIntent } from '../store/tables.ts'
import type { CREATE } from './params.ts'

type Params = Values<typeof CREATE>

/** https://docs.stripe.com/api/checkout/sessions/create: from 30 minutes to 24 hours. */
const EXPIRES_MIN = 30 * MINUTE
const EXPIRES_MAX = 24 * HOUR
/** An earlier trial end is refused: Stripe could not notify the customer in time. */
const TRIAL_MIN = 48 * HOUR

/**
 * Creates an open session and stores what it will create.
 * @throws Refusal (400) for the mode `setup`.
 * @see https://docs.stripe.com/api/checkout/sessions/create
 */
export function createSession(step: Step, params: Params): CheckoutSession {
  if (params.mode === 'setup') {
    throw invalid('The Stripe simulator does not model mode=setup.', 'mode', 'not_simulated')
  }
  refuseOtherMode(params)
  const id = newId('cs_test', 58)
  const customer = params.customer === undefined ? null : customerOf(step, params.customer)
  const items = itemsOf(step, params)
  refuseTaxWithout(params, customer)
  const intent = step.put('checkoutIntents', intentOf(step, params, { id, items }))
  const { subtotal, total } = dueNow(step, intent)
  const details = customer?.email ?? params.customer_email ?? null
  return step.put(
    'checkoutSessions',
    newCheckoutSession({
      ...given({
        allow_promotion_codes: params.allow_promotion_codes,
        billing_address_collection: params.billing_address_collection,
        cancel_url: params.cancel_url,
        client_reference_id: params.client_reference_id,
        customer_email: params.customer_email,
        payment_method_collection: params.payment_method_collection,
        success_url: params.success_url,
      }),
      ...taxFields(params, customer),
      id,
      amount_subtotal: subtotal,
      amount_total: total,
      created: step.now,
      currency: items[0]?.price.currency ?? null,
      customer: customer?.id ?? null,
      customer_creation: customer === null ? 'always' : null,
      customer_details: details === null ? null : detailsOf(details),
      expires_at: expiryOf(step, params),
      locale: params.locale ?? null,
      metadata: params.metadata ?? {},
      mode: params.mode,
      total_details: { amount_discount: subtotal - total, amount_shipping: 0, amount_tax: 0 },
      url: `${step.settings.url}/c/pay/${id}`,
    }),
  )
}

/** Parameters of one mode are refused in the other. */
function refuseOtherMode({ mode, subscription_data, payment_intent_data, ...params }: Params) {
  if (mode === 'payment' && subscription_data !== undefined)
    throw invalid('You can not pass `subscription_data` in `payment` mode.', 'subscription_data')
  if (mode === 'subscription' && payment_intent_data !== undefined)
    throw invalid(
      'You can not pass `payment_intent_data` in `subscription` mode.',
      'payment_intent_data',
    )
  const isPartlyModelled = params.discounts !== undefined || params.allow_promotion_codes === true
  const wantsTax = params.automatic_tax?.enabled === true
  if (mode === 'payment' && (isPartlyModelled || wantsTax))
    throw invalid(
      'The Stripe simulator models neither discounts nor tax of one-time payments.',
      'mode',
      'not_simulated',
    )
}

function detailsOf(email: string): CheckoutSession['customer_details'] {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: null,
  }
}

function expiryOf(step: Step, { expires_at: at }: Params): number {
  if (at === undefined) return step.now + EXPIRES_MAX
  if (at < step.now + EXPIRES_MIN) {
    throw invalid('The `expires_at` timestamp must be at least 30 minutes from now.', 'expires_at')
  }
  if (at > step.now + EXPIRES_MAX) {
    throw invalid('The `expires_at` timestamp must be less than 24 hours from now.', 'expires_at')
  }
  return at
}

type Item = { readonly price: Price; readonly quantity: number }

function itemsOf(step: Step, { line_items: wanted, mode }: Params): Item[] {
  if (wanted.length === 0)
    throw invalid('Missing required param: line_items.', 'line_items', 'parameter_missing')
  const items = wanted.map((item, index) => {
    const at = `line_items[${index}]`
    const price =
      item.price === undefined
        ? madeUp(step, item, { at, mode })
        : priceOf(step, item.price, `${at}[price]`)
    // A price made for this page alone has an archived product, as at Stripe.
    if (item.price !== undefined) refuseArchived(step, price, `${at}[price]`)
    return { price, quantity: item.quantity ?? 1 }
  })
  if (mode === 'subscription') recurrence(items)
  else refuseRecurring(items)
  return items
}

function refuseRecurring(items: readonly Item[]): void {
  if (items.some(({ price }) => price.recurring !== null))
    throw invalid(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      'line_items',
    )
}

/** `price_data`: creates a price, and a product if needed, for this session only. */
function madeUp(
  step: Step,
  item: Params['line_items'][number],
  { at, mode }: { readonly at: string; readonly mode: Params['mode'] },
): Price {
  const data = item.price_data
  if (data === undefined)
    throw invalid(`Missing required param: ${at}[price].`, `${at}[price]`, 'parameter_missing')
  const product =
    data.product === undefined
      ? step.put(
          'products',
          newProduct({
            created: step.now,
            name: data.product_data?.name ?? 'Product',
            active: false,
          }),
        )
      : productOf(step, data.product, 'param')
  const every = data.recurring
  if (every === undefined && mode === 'subscription') {
    throw invalid('You must provide at least one recurring price in subscription mode.', at)
  }
  const price = newPrice({
    created: step.now,
    currency: data.currency.toLowerCase(),
    product: product.id,
    recurring:
      every === undefined
        ? null
        : {
            interval: every.interval,
            interval_count: every.interval_count ?? 1,
            meter: null,
            trial_period_days: null,
            usage_type: 'licensed',
          },
    unit_amount: data.unit_amount ?? 0,
    unit_amount_decimal: String(data.unit_amount ?? 0),
  })
  return step.put('prices', price)
}

function intentOf(
  step: Step,
  params: Params,
  { id, items }: { readonly id: string; readonly items: readonly Item[] },
): CheckoutIntent {
  const data = params.subscription_data
  return {
    id,
    items: items.map(({ price, quantity }) => ({ price: price.id, quantity })),
    lines: items.map((item) => lineOf(step, item)),
    trialEnd: trialOf(step, data),
    description: data?.description ?? null,
    metadata: { ...(data ?? params.payment_intent_data)?.metadata },
    missingPaymentMethod:
      data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    billingCycleAnchor: data?.billing_cycle_anchor ?? null,
    discount: discountOf(step, params, items),
    tax: taxOf(params),
  }
}

function discountOf(step: Step, params: Params, items: readonly Item[]) {
  const [claim] = params.discounts ?? []
  if (claim === undefined) return null
  if (params.allow_promotion_codes === true) {
    throw invalid('You may only specify one of allow_promotion_codes and discounts.', 'discounts')
  }
  const amount = items.reduce((sum, { price, quantity }) => sum + amountOf(price, quantity), 0)
  const subtotal = { amount, currency: items[0]?.price.currency ?? '' }
  const buyer = { at: 'discounts[0]', customer: params.customer ?? null, subtotal }
  const { coupon, code } = claimed(step, claim, buyer)
  return { coupon: coupon.id, promotionCode: code?.id ?? null }
}

function trialOf(step: Step, data: Params['subscription_data']): CheckoutIntent['trialEnd'] {
  const { trial_end: at, trial_period_days: days } = data ?? {}
  if (at !== undefined && days !== undefined) {
    throw invalid(
      'You can only pass one of trial_end and trial_period_days.',
      'subscription_data[trial_end]',
    )
  }
  if (days !== undefined) return { days }
  if (at === undefined) return null
  if (at < step.now + TRIAL_MIN) {
    throw invalid(
      'The `trial_end` date has to be at least 2 days in the future.',
      'subscription_data[trial_end]',
    )
  }
  return { at }
}

function lineOf(step: Step, { price, quantity }: Item): LineItem {
  const amount = amountOf(price, quantity)
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: step.find('products', price.product)?.name ?? null,
    metadata: {},
    price,
    quantity,
  }
}
