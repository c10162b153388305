import {
  fields,
  flag,
  id,
  ignored,
  integer,
  metadata,
  oneOf,
  required,
  text,
  unmodelled,
} from '../http/params.ts'

// Parameters that several resources share.

/** The effect of a trial's end without a payment method. @see https://docs.stripe.com/billing/subscriptions/trials */
export const trialSettings = fields({
  end_behavior: required(
    fields({
      billing_cycle_anchor: unmodelled,
      missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')),
    }),
  ),
})

/** How a change within a period is charged. @see https://docs.stripe.com/billing/subscriptions/prorations */
export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none')

/** Whether Stripe calculates the tax. */
export const automaticTax = fields({ enabled: required(flag()), liability: ignored })

/** Whether invoices are charged automatically or sent to the customer. */
export const collectionMethod = oneOf('charge_automatically', 'send_invoice')

/** The billing period of a price; each number is at least 1. @see https://docs.stripe.com/api/prices/create */
export const recurring = fields({
  interval: required(oneOf('day', 'week', 'month', 'year')),
  interval_count: integer(1),
  meter: id(),
  trial_period_days: integer(1),
  usage_type: oneOf('licensed', 'metered'),
})

/** A product that a price brings with it. */
export const PRODUCT_DATA = {
  metadata: metadata(),
  name: required(id()),
  tax_code: ignored,
  unit_label: ignored,
} as const

/** An item of a subscription: of a new one, of a change, of a phase. */
export const ITEM = {
  billing_thresholds: unmodelled,
  discounts: unmodelled,
  metadata: metadata(),
  plan: unmodelled,
  price: id(),
  price_data: unmodelled,
  quantity: integer(0),
  tax_rates: unmodelled,
} as const

/** Stripe's limit of items per subscription. */
export const ITEMS_MAX = 20

/** `recurring` of a price that a call makes up. */
export const priceData = fields({
  currency: required(text(3)),
  product: id(),
  product_data: fields({ ...PRODUCT_DATA, description: text(), images: ignored }),
  recurring,
  tax_behavior: ignored,
  unit_amount: integer(0),
  unit_amount_decimal: unmodelled,
})
