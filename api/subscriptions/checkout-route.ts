import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { BILLING_ADDRESSES } from '../../domain/stripe/tax.ts'
import { CHANGE_TIMES } from '../../domain/subscription/plan-change.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { isTimeZone } from '../../domain/zoned-calendar.ts'
import { emailField } from '../customer/fields.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { pageUrl } from '../page-url.ts'
import { addonsField, currencyField, planField, quantityField } from '../plans/fields.ts'
import { SUPPORTED_LOCALE } from '../web/locale.ts'
import { problemResponses, problemSchema, USER_PROBLEMS } from '../problem.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'
import { previewSchema } from './change-preview.ts'
import { subscriptionSchema } from './view.ts'

const CODE_MAX_CHARACTERS = 200

const codeField = text(CODE_MAX_CHARACTERS)

const moneyObject = requestObject({ amount_minor: z.int(), currency: currencyField })

/** The terms of a plan change that a customer agrees to. */
export const confirmationSchema = requestObject({
  when: z.enum(CHANGE_TIMES),
  takes_effect_at: z.iso.datetime(),
  proration_date: z.iso.datetime().nullable(),
  amount_due: moneyObject,
  next_price: moneyObject,
}).openapi('PlanChangeConfirmation')

/** The body of a checkout. The e-mail, language and time zone are stored with the customer. */
export const checkoutRequest = requestObject({
  plan_id: planField,
  success_url: pageUrl.optional().describe('Where Stripe sends the customer after the payment.'),
  cancel_url: pageUrl.optional().describe('Where Stripe sends a customer who does not pay.'),
  email: emailField.optional(),
  locale: z
    .string()
    .regex(SUPPORTED_LOCALE, 'must be `en` or `pt`, optionally with a region, such as `pt-BR`')
    .optional()
    .describe(
      'The language of e-mails: `en` or `pt`, optionally with a region, such as `pt-BR`. Without it, a new customer gets the first of these in `Accept-Language`.',
    ),
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone')
    .optional()
    .describe(
      'An IANA time zone, such as `America/Sao_Paulo`. Quotas that reset by hour, day, week or month reset in it.',
    ),
  currency: currencyField
    .optional()
    .describe('One of the plan’s `currencies`; by default the first one.'),
  quantity: quantityField
    .optional()
    .describe(
      'How many units of the plan; 1 by default. A change of plan keeps the present quantity by default.',
    ),
  addons: addonsField
    .default([])
    .describe(
      'Add-ons to buy with the plan. Not with a plan that has a trial: add them when it is paid.',
    ),
  promotion_code: codeField
    .optional()
    .describe('The code of a Stripe promotion code, as customers type it, such as `SPRING`.'),
  coupon: codeField
    .optional()
    .describe('The id of a Stripe coupon. Only for API keys, not for users’ tokens.'),
  allow_promotion_codes: z
    .boolean()
    .default(false)
    .describe(
      'Whether the page has a field for a promotion code. Not together with `promotion_code` or `coupon`.',
    ),
  payment_method_collection: z
    .enum(['always', 'if_required'])
    .default('always')
    .describe(
      '`if_required` starts a trial without a payment method. Only for API keys, not for users’ tokens.',
    ),
  automatic_tax: z
    .boolean()
    .optional()
    .describe(
      'Whether Stripe calculates the tax; by default as the deployment says. Only for API keys, not for users’ tokens.',
    ),
  tax_id_collection: z
    .boolean()
    .optional()
    .describe(
      'Whether the page asks businesses for a tax id; by default as the deployment says. Only for API keys.',
    ),
  billing_address_collection: z
    .enum(BILLING_ADDRESSES)
    .optional()
    .describe(
      '`required` asks for the whole billing address; by default as the deployment says. Only for API keys.',
    ),
  if_subscribed: z
    .enum(['refuse', 'change'])
    .optional()
    .describe(
      'For a customer with a paid plan of this product line. `refuse`, the default: 409 `subscription_exists`. `change`: the answer is a preview of the change to this plan, and nothing changes.',
    ),
  confirm: confirmationSchema
    .optional()
    .describe(
      'The `confirm` of a preview, with `if_subscribed: change` and a new Idempotency-Key. Changes the plan if the terms are still exactly these. Otherwise nothing changes: 409 `moved_on` with the new preview.',
    ),
}).openapi('CheckoutRequest')

/** A change of plan instead of a second subscription. */
export const checkoutChangeSchema = z
  .object({
    kind: z
      .enum(['change', 'changed'])
      .describe('`change`: a preview, nothing has changed. `changed`: the change was carried out.'),
    subscription_id: z.uuid(),
    status: z.enum(STATUSES),
    preview: z
      .union([previewSchema, z.null()])
      .describe('The cost of the change. Null in a repeat of a change that was carried out.'),
    confirm: z
      .union([confirmationSchema, z.null()])
      .describe('Send the same request with this to carry the change out. Null afterwards.'),
    subscription: z
      .union([subscriptionSchema, z.null()])
      .describe('The subscription after the change. Null for a preview.'),
  })
  .openapi('CheckoutChange')

/** A refusal. `moved_on` has the new preview. */
export const checkoutConflictSchema = problemSchema
  .extend({ preview: previewSchema.optional(), confirm: confirmationSchema.optional() })
  .openapi('CheckoutConflict')

/** The started subscription, and where to send the customer. */
export const checkoutSchema = z
  .object({
    kind: z.literal('checkout'),
    subscription_id: z.uuid(),
    status: z.enum(STATUSES),
    checkout_url: z.url().nullable().describe('The Stripe Checkout page; null for a free plan.'),
    expires_at: z.iso.datetime().nullable(),
    trial_days: z
      .int()
      .describe(
        'The days of the free trial on this page; 0 when the plan has none, or this customer had one before.',
      ),
  })
  .openapi('Checkout')

const PROBLEM_RESPONSES = problemResponses(
  'malformed_json',
  'plan_not_found',
  'subscription_exists',
  'checkout_already_paid',
  'payment_processing',
  'subscription_over',
  'move_not_allowed',
  'plan_unchanged',
  'plan_not_changeable',
  'quantity_in_use',
  'addon_does_not_fit',
  'grows_in_trial',
  'plan_unclear',
  'offer_ends',
  'moved_on',
  'payment_pending',
  'payment_method_required',
  'pays_by_invoice',
  'collection_paused',
  'idempotency_key_reused',
  'payment_provider_rejected',
  'payment_provider_unconfirmed',
  'payment_provider_unavailable',
  'workflow_unavailable',
  'rate_limited',
  ...USER_PROBLEMS,
)

/** A repeat with the same key returns the same page. */
export const checkoutRoute = createRoute({
  operationId: 'checkout',
  leadsTo: [
    below('/subscriptions/{id}', { id: '$response.body#/subscription_id' }),
    below('/admin/subscriptions/{id}', { id: '$response.body#/subscription_id' }),
  ],
  callers: 'user',
  method: 'post',
  path: '/subscriptions/checkout',
  tags: ['Subscriptions'],
  summary: 'Start a subscription',
  description:
    'A free plan is active immediately. For a paid plan, send the customer to `checkout_url`. Another request before the payment closes that page and opens a new one. With `if_subscribed: change`, a customer with a paid plan gets a change of plan instead: first its preview, then, with `confirm`, the change.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(checkoutRequest),
  },
  responses: {
    200: {
      description:
        'A change of the live subscription: its preview, or the change that was carried out.',
      content: jsonContent(checkoutChangeSchema),
    },
    201: {
      description: 'The subscription is active, or awaits the payment at `checkout_url`.',
      content: jsonContent(checkoutSchema),
    },
    ...PROBLEM_RESPONSES,
    409: {
      ...PROBLEM_RESPONSES[409],
      content: { 'application/problem+json': { schema: checkoutConflictSchema } },
    },
  },
})
