import { z } from '@hono/zod-openapi'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { subscriptionSchema, viewOfSubscription } from '../../subscriptions/view.ts'

export const operatedSchema = subscriptionSchema
  .extend({
    drift: z
      .string()
      .nullable()
      .describe('What differs from Stripe and waits for a person; null when nothing does.'),
    stripe_subscription_id: z.string().nullable(),
    workflow_id: z.string().describe('Where its life can be read in Temporal’s UI.'),
  })
  .openapi('OperatedSubscription')

/** A subscription as operators see it. */
export async function viewForOperators(
  subscription: Subscription,
  plans: PlanRepository,
  now: Date,
): Promise<z.infer<typeof operatedSchema>> {
  return {
    ...(await viewOfSubscription(subscription, plans, now)),
    drift: subscription.drift,
    stripe_subscription_id: subscription.stripeSubscriptionId,
    workflow_id: subscriptionWorkflowId(subscription.id),
  }
}
