import { z } from '@hono/zod-openapi'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Repositories } from '../../domain/repositories.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { estimateUsage, type UsageEstimate } from '../../domain/usage/estimate.ts'
import type { FeatureUsage } from '../../domain/usage/repository.ts'

const instant = z.iso.datetime()

/** The cost of usage beyond the quotas in the open period. */
export const estimateSchema = z
  .object({
    currency: z.string(),
    period: z.object({ start: instant, end: instant }),
    amount_minor: z.int().describe('So far, in minor units.'),
    projected_amount_minor: z
      .int()
      .describe('At the end of the period, if usage continues at its rate until now.'),
    features: z.array(
      z.object({
        code: z.string(),
        quantity: z.int().describe('Units beyond the limit so far.'),
        amount_minor: z.int(),
        projected_quantity: z.int(),
        projected_amount_minor: z.int(),
        lines: z
          .array(
            z.object({
              tier: z.int().nullable().describe('Counted from 1. Null for a price without tiers.'),
              quantity: z.int().describe('Units, or packages; 1 for a flat amount.'),
              unit_amount_decimal: z
                .string()
                .nullable()
                .describe('In minor units. Null for a flat amount.'),
              amount_minor: z.int(),
            }),
          )
          .describe('The lines of the invoice, as if the period ended now.'),
      }),
    ),
  })
  .openapi('UsageEstimate')

type Given = {
  readonly subscription: Subscription
  readonly plan: PlanVersion
  readonly usage: readonly FeatureUsage[]
  readonly at: Date
}

/** @returns null for a plan without usage prices, and before the subscription begins */
export async function readEstimate(
  { overageReports }: Pick<Repositories, 'overageReports'>,
  { subscription, plan, usage, at }: Given,
): Promise<UsageEstimate | null> {
  const { id, period } = subscription
  const isPriced = plan.features.some(({ usagePrice }) => usagePrice !== null)
  if (!isPriced || period === null) return null
  const billed = await overageReports.billedIn(id, period)
  return estimateUsage({ plan, period, billed, usage, at })
}

/** @returns the estimate in JSON */
export function viewOfEstimate(
  estimate: UsageEstimate | null,
  { subscription: { period }, plan }: Pick<Given, 'subscription' | 'plan'>,
): z.infer<typeof estimateSchema> | null {
  if (estimate === null || period === null) return null
  return {
    currency: plan.price.currency,
    period: { start: period.start.toISOString(), end: period.end.toISOString() },
    amount_minor: estimate.totalMinor,
    projected_amount_minor: estimate.projectedMinor,
    features: estimate.features.map((each) => ({
      code: each.code,
      quantity: each.quantity,
      amount_minor: each.soFar.totalMinor,
      projected_quantity: each.projectedQuantity,
      projected_amount_minor: each.projectedMinor,
      lines: each.soFar.lines.map((line) => ({
        tier: line.tier,
        quantity: line.quantity,
        unit_amount_decimal: line.unitAmount,
        amount_minor: line.amountMinor,
      })),
    })),
  }
}
