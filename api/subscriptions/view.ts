import { z } from '@hono/zod-openapi'
import { periodField } from '../../adapters/catalogue/terms.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { priceSchema } from '../plans/list.ts'

const instant = z.iso.datetime()

/** An item of a subscription. More kinds may follow. */
const itemSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('plan'),
      plan_id: z.string().describe('The slug of the plan.'),
      version: z.int(),
      quantity: z.int(),
      stripe_item_id: z.string().nullable().describe('Null for a free plan.'),
    })
    .openapi('PlanItem'),
  z
    .object({
      kind: z.literal('addon'),
      plan_id: z.string().describe('The slug of the add-on.'),
      version: z.int(),
      quantity: z.int(),
      name: z.string(),
      price: priceSchema.describe('The price of one unit per period.'),
      stripe_item_id: z.string().nullable(),
    })
    .openapi('AddonItem'),
  z
    .object({
      kind: z.literal('foreign').describe('Nobody here made it, and no command changes it.'),
      stripe_item_id: z.string(),
      stripe_price_id: z.string(),
      product_name: z.string().nullable(),
      quantity: z.int(),
      unit_amount_minor: z
        .int()
        .nullable()
        .describe('For one unit, in minor units; null for a price with tiers.'),
      currency: z.string(),
    })
    .openapi('ForeignItem'),
])

/** A subscription as the API and webhooks return it. `viewOfSubscription` of the domain builds it. */
export const subscriptionSchema = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    status: z.enum(STATUSES),
    plan: z.object({
      slug: z.string(),
      name: z.string(),
      version: z
        .int()
        .describe('The version that the customer has. Newer versions do not change it.'),
      version_on_sale: z
        .int()
        .nullable()
        .describe(
          'The version that new customers get in this currency; null if the plan is no longer on sale.',
        ),
      period: periodField,
      price: priceSchema.describe('The price of one unit per period.'),
    }),
    quantity: z.int().describe('How many units of the plan, such as seats.'),
    items: z
      .array(itemSchema)
      .describe(
        'The plan, its add-ons, and items that were added at Stripe and are charged with it.',
      ),
    discount: z
      .object({
        coupon: z.string(),
        promotion_code: z.string().nullable(),
        percent_off: z.number().nullable(),
        amount_off_minor: z.int().nullable(),
        currency: z.string().nullable(),
        ends_at: instant.nullable(),
      })
      .nullable()
      .describe('The discount on each invoice.'),
    period: z
      .object({ start: instant, end: instant })
      .nullable()
      .describe('The current period: from `start` up to, but not including, `end`.'),
    trial_end: instant.nullable(),
    cancel_at: instant.nullable(),
    pending_change: z
      .object({
        kind: z
          .enum(['scheduled', 'awaiting_payment'])
          .describe(
            '`scheduled` takes effect at `at`. `awaiting_payment` takes effect when it is paid, and is dropped at `at`.',
          ),
        plan: z.string().describe('The slug of the new plan.'),
        version: z.int(),
        quantity: z.int().describe('How many units of the new plan.'),
        addons: z
          .array(z.object({ plan_id: z.string(), version: z.int(), quantity: z.int() }))
          .describe('All add-ons after the change.'),
        at: instant,
        payment_url: z.url().nullable(),
      })
      .nullable(),
    paused_at: instant
      .nullable()
      .describe(
        'When the clock stopped; null if it runs, or if the pause left nothing. The rest of `period` from then continues at the resumption.',
      ),
    resumes_at: instant.nullable().describe('When a paused subscription resumes automatically.'),
    ended_at: instant.nullable(),
    has_access: z
      .boolean()
      .describe(
        'Whether the user may use features now. A subscription that is `past_due` keeps access for the grace days.',
      ),
    access_until: instant.nullable().describe('When access ends; null if no end is known.'),
    payment_processing: z
      .boolean()
      .describe(
        'Whether a bank is still confirming a payment, which can take days. The first period gives access once it is paid.',
      ),
    collection_pause: z
      .object({
        behavior: z
          .string()
          .describe(
            'The fate of invoices at Stripe: `keep_as_draft`, `mark_uncollectible` or `void`.',
          ),
        resumes_at: instant.nullable(),
        paid_until: instant.describe('The end of the last period that was collected.'),
      })
      .nullable()
      .describe(
        'Collection that was paused in Stripe’s dashboard; null if invoices are collected.',
      ),
    checkout: z
      .object({ url: z.url(), expires_at: instant })
      .nullable()
      .describe('The open Stripe Checkout page.'),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('Subscription')
