import { z } from '@hono/zod-openapi'
import { PERIODS } from '../../domain/catalogue/plan.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { priceSchema } from '../plans/list.ts'

// Webhooks show a subscription as this API does.
export { viewOfSubscription } from '../../domain/subscription/view.ts'

const instant = z.iso.datetime()

export const subscriptionSchema = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    status: z.enum(STATUSES),
    plan: z.object({
      slug: z.string(),
      name: z.string(),
      version: z.int().describe('What was bought is kept: a newer one changes nothing here.'),
      version_on_sale: z
        .int()
        .nullable()
        .describe(
          'What a new subscriber of this plan gets in this currency; null when it is not sold any more.',
        ),
      period: z.enum(PERIODS),
      price: priceSchema.describe('Of one; see `quantity`.'),
    }),
    quantity: z.int().describe('How many of the plan, such as seats.'),
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
      .describe('What Stripe takes off each bill.'),
    period: z
      .object({ start: instant, end: instant })
      .nullable()
      .describe('Half-open: [start, end).'),
    trial_end: instant.nullable(),
    cancel_at: instant.nullable(),
    pending_change: z
      .object({
        kind: z
          .enum(['scheduled', 'awaiting_payment'])
          .describe('`awaiting_payment` happens once it is paid, and is given up at `at`.'),
        plan: z.string().describe('The slug of the plan that follows.'),
        version: z.int(),
        at: instant,
        payment_url: z.url().nullable(),
      })
      .nullable(),
    resumes_at: instant.nullable().describe('When a paused subscription goes on by itself.'),
    ended_at: instant.nullable(),
    has_access: z
      .boolean()
      .describe('Whether features may be used now; a policy apart from status.'),
    access_until: instant
      .nullable()
      .describe('Null when no end of access is known, or there is none.'),
    checkout: z
      .object({ url: z.url(), expires_at: instant })
      .nullable()
      .describe('The page that waits to be paid.'),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('Subscription')
