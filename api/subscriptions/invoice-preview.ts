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

/** The sums of a previewed invoice. */
export const previewSums = {
  subtotal_minor: z.int().describe('The sum of all lines, in minor units.'),
  tax_minor: z.int().describe('All taxes in minor units, also those that the prices include.'),
  total_minor: z.int().describe('The amount before the customer’s balance, in minor units.'),
} as const

/** The sums of a preview without an invoice. */
export const NO_SUMS = { subtotal_minor: 0, tax_minor: 0, total_minor: 0 } as const

/** The amounts and the lines of a preview. */
export const invoiceView = (preview: Preview) => ({
  amount_due: { amount_minor: preview.amountDueMinor, currency: preview.currency },
  subtotal_minor: preview.subtotalMinor,
  tax_minor: preview.taxMinor,
  total_minor: preview.totalMinor,
  lines: preview.lines.map(({ description, amountMinor, start, end }) => ({
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
  const sums = { amountDueMinor: 0, subtotalMinor: 0, taxMinor: 0, totalMinor: 0 }
  const nothing: Preview = { currency, ...sums, lines: [] }
  if (stripeSubscriptionId === null) return invoiceView(nothing)
  await flushOverage(userId, at)
  return invoiceView((await stripe.previewEnd(stripeSubscriptionId)) ?? nothing)
}
