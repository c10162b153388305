import type { TableName } from '../store/tables.ts'

/** The `object` of every type that the API can return. */
export type ObjectName =
  | 'customer'
  | 'product'
  | 'price'
  | 'payment_method'
  | 'checkout.session'
  | 'item'
  | 'subscription'
  | 'subscription_item'
  | 'invoice'
  | 'line_item'
  | 'invoice_payment'
  | 'invoiceitem'
  | 'payment_intent'
  | 'charge'
  | 'subscription_schedule'
  | 'billing_portal.session'
  | 'billing.meter'
  | 'billing.meter_event'
  | 'billing.meter_event_summary'
  | 'coupon'
  | 'promotion_code'
  | 'discount'
  | 'test_helpers.test_clock'
  | 'credit_note'
  | 'refund'
  | 'tax_rate'
  | 'dispute'
  | 'event'
  | 'webhook_endpoint'

/**
 * A field that `expand` may name. `id`: an id, or a list of ids, becomes its object. `held`: an
 * object that is always present; a path may continue through it. `added`: absent unless expanded.
 */
export type Field =
  | { readonly kind: 'id'; readonly table: TableName; readonly object: ObjectName }
  | { readonly kind: 'held'; readonly object: ObjectName }
  | { readonly kind: 'added'; readonly object: ObjectName | null; readonly isList: boolean }

const id = (table: TableName, object: ObjectName): Field => ({ kind: 'id', table, object })
const held = (object: ObjectName): Field => ({ kind: 'held', object })
const added = (object: ObjectName | null, isList = false): Field => ({
  kind: 'added',
  object,
  isList,
})

const customer = id('customers', 'customer')
const paymentMethod = id('paymentMethods', 'payment_method')
const invoice = id('invoices', 'invoice')
const subscription = id('subscriptions', 'subscription')
const paymentIntent = id('paymentIntents', 'payment_intent')
const charge = id('charges', 'charge')

/** All valid paths by object: a field, or a field within plain sub-objects. */
export const EXPANDABLE: { readonly [Name in ObjectName]: Readonly<Record<string, Field>> } = {
  customer: {
    'invoice_settings.default_payment_method': paymentMethod,
    subscriptions: added('subscription', true),
  },
  product: { default_price: id('prices', 'price') },
  price: { product: id('products', 'product'), tiers: added(null) },
  payment_method: { customer },
  'checkout.session': {
    customer,
    subscription,
    invoice,
    payment_intent: paymentIntent,
    line_items: added('item', true),
  },
  item: { price: held('price') },
  subscription: {
    customer,
    default_payment_method: paymentMethod,
    latest_invoice: invoice,
    discounts: id('discounts', 'discount'),
    schedule: id('schedules', 'subscription_schedule'),
    'items.data': held('subscription_item'),
  },
  subscription_item: { price: held('price') },
  invoice: {
    customer,
    default_payment_method: paymentMethod,
    'parent.subscription_details.subscription': subscription,
    payments: added('invoice_payment', true),
    confirmation_secret: added(null),
    'lines.data': held('line_item'),
  },
  line_item: { 'pricing.price_details.price': id('prices', 'price'), subscription },
  invoiceitem: { customer, invoice },
  invoice_payment: {
    invoice,
    'payment.payment_intent': paymentIntent,
    'payment.charge': charge,
  },
  payment_intent: { customer, payment_method: paymentMethod, latest_charge: charge },
  charge: { customer, payment_intent: paymentIntent },
  subscription_schedule: {
    customer,
    subscription,
    'phases.items.price': id('prices', 'price'),
    'phases.discounts.discount': id('discounts', 'discount'),
  },
  'billing_portal.session': {},
  'billing.meter': {},
  'billing.meter_event': {},
  'billing.meter_event_summary': {},
  coupon: {},
  promotion_code: { 'promotion.coupon': id('coupons', 'coupon'), customer },
  discount: {
    'source.coupon': id('coupons', 'coupon'),
    promotion_code: id('promotionCodes', 'promotion_code'),
    customer,
  },
  'test_helpers.test_clock': {},
  credit_note: { customer, invoice, 'refunds.refund': id('refunds', 'refund') },
  refund: { charge, payment_intent: paymentIntent, customer },
  tax_rate: {},
  dispute: { charge, payment_intent: paymentIntent },
  event: {},
  webhook_endpoint: {},
}
