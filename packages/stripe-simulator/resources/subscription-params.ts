import type { Stripe } from 'stripe'
import { paging } from '../http/list.ts'
import {
  discountClaims,
  either,
  emptyable,
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
} from '../http/params.ts'
import {
  automaticTax,
  collectionMethod,
  ITEM,
  ITEMS_MAX,
  prorationBehavior,
  trialSettings,
} from './shared-params.ts'

const paymentSettings = fields({
  payment_method_options: ignored,
  payment_method_types: ignored,
  save_default_payment_method: oneOf('off', 'on_subscription'),
})

/** The customer's reasons for the end; an empty text unsets one. */
export const cancellationDetails = fields({
  comment: emptyable(text()),
  feedback: emptyable(text()),
  feedback_option: ignored,
})

/** The changes of items in an update, at most `ITEMS_MAX`. */
export const itemChanges = list(
  fields({
    ...ITEM,
    clear_usage: unmodelled,
    current_trial: unmodelled,
    deleted: flag(),
    id: id(),
  }),
  ITEMS_MAX,
)

/** Stripe's limit of fields of one's own on an invoice. */
const CUSTOM_FIELDS_MAX = 4

const SHARED = {
  application_fee_percent: unmodelled,
  automatic_tax: automaticTax,
  billing_schedules: unmodelled,
  billing_thresholds: unmodelled,
  cancel_at: emptyable(either(integer(0), oneOf('min_period_end', 'max_period_end'))),
  cancel_at_period_end: flag(),
  collection_method: collectionMethod,
  days_until_due: integer(0),
  default_payment_method: id(),
  default_source: unmodelled,
  default_tax_rates: emptyable(list(id())),
  description: emptyable(text(500)),
  invoice_settings: fields({
    account_tax_ids: ignored,
    custom_fields: emptyable(
      list(fields({ name: required(text(40)), value: required(text(140)) }), CUSTOM_FIELDS_MAX),
    ),
    description: ignored,
    footer: ignored,
    issuer: ignored,
  }),
  metadata: metadata(),
  off_session: flag(),
  on_behalf_of: unmodelled,
  payment_behavior: oneOf(
    'allow_incomplete',
    'default_incomplete',
    'error_if_incomplete',
    'pending_if_incomplete',
  ),
  payment_settings: paymentSettings,
  pending_invoice_item_interval: unmodelled,
  proration_behavior: prorationBehavior,
  transfer_data: unmodelled,
  trial_end: either(integer(0), oneOf('now')),
  trial_from_plan: flag(),
  trial_settings: trialSettings,
} as const

/** The parameters of `POST /v1/subscriptions`. @see https://docs.stripe.com/api/subscriptions/create */
export const CREATE = {
  ...SHARED,
  add_invoice_items: unmodelled,
  backdate_start_date: unmodelled,
  billing_cycle_anchor: integer(0),
  billing_cycle_anchor_config: unmodelled,
  billing_mode: fields({ type: required(oneOf('flexible')), flexible: ignored }),
  currency: text(3),
  customer: required(id()),
  customer_account: unmodelled,
  discounts: discountClaims(),
  items: required(
    list(fields({ ...ITEM, current_trial: unmodelled, price: required(id()) }), ITEMS_MAX),
  ),
  trial_period_days: integer(1),
} as const satisfies Covers<Stripe.SubscriptionCreateParams>

/** The parameters of `POST /v1/subscriptions/:id`. */
export const UPDATE = {
  ...SHARED,
  add_invoice_items: unmodelled,
  billing_cycle_anchor: fields({ type: required(oneOf('now', 'unchanged')) }),
  cancellation_details: cancellationDetails,
  discounts: discountClaims(),
  items: itemChanges,
  pause_collection: emptyable(
    fields({
      behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')),
      resumes_at: integer(0),
    }),
  ),
  proration_date: integer(0),
} as const satisfies Covers<Stripe.SubscriptionUpdateParams>

/** The parameters of `DELETE /v1/subscriptions/:id`. @see https://docs.stripe.com/billing/subscriptions/cancel */
export const CANCEL = {
  cancellation_details: cancellationDetails,
  invoice_now: flag(),
  prorate: flag(),
} as const satisfies Covers<Stripe.SubscriptionCancelParams>

/** The parameters of `GET /v1/subscriptions`. */
export const LIST = {
  ...paging,
  automatic_tax: ignored,
  collection_method: collectionMethod,
  created: range(),
  current_period_end: range(),
  current_period_start: range(),
  customer: id(),
  customer_account: unmodelled,
  plan: unmodelled,
  price: id(),
  status: oneOf(
    'active',
    'all',
    'canceled',
    'ended',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  ),
  test_clock: id(),
} as const satisfies Covers<Stripe.SubscriptionListParams>
