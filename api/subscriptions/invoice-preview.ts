import { z } from '@hono/zod-openapi'
import type { Preview } from '../../adapters/stripe/reading/preview.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { ApiDependencies } from '../environment.ts'

/** The lines of a previewed invoice. */
export const previewLinesSchema = z.array(
  z.object({
    description: z.string(),
    amount_minor: z.int().describe('In minor units; negative for a credit.'),
    period: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
  }),
)

/** The amount and the lines of a preview. */
export const invoiceView = ({ currency, amountDueMinor, lines }: Preview) => ({
  amount_due: { amount_minor: amountDueMinor, currency },
  lines: lines.map(({ description, amountMinor, start, end }) => ({
    description,
    amount_minor: amountMinor,
    period: { start: start.toISOString(), end: end.toISOString() },
  })),
})

/**
 * The last invoice of a subscription, if it ended now. Usage that Stripe's meters lack is reported first, as the
 * end itself does, so that both have the same figures.
 */
export async function finalInvoice(
  { stripe, flushOverage }: Pick<ApiDependencies, 'stripe' | 'flushOverage'>,
  {
    own: { stripeSubscriptionId, userId },
    plan,
    at,
  }: { readonly own: Subscription; readonly plan: PlanVersion; readonly at: Date },
) {
  const { currency } = plan.price
  const nothing: Preview = { currency, amountDueMinor: 0, lines: [] }
  if (stripeSubscriptionId === null) return invoiceView(nothing)
  await flushOverage(userId, at)
  return invoiceView((await stripe.previewEnd(stripeSubscriptionId)) ?? nothing)
}
