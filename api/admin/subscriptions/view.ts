import { z } from '@hono/zod-openapi'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { viewOfSubscription } from '../../../domain/subscription/view.ts'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { subscriptionSchema } from '../../subscriptions/view.ts'

/** A subscription with the fields for operators. */
export const operatedSchema = subscriptionSchema
  .extend({
    drift: z
      .string()
      .nullable()
      .describe('A difference from Stripe that needs an operator; null if there is none.'),
    stripe_subscription_id: z.string().nullable(),
    workflow_id: z.string().describe('The id of its workflow in Temporal.'),
  })
  .openapi('OperatedSubscription')

/** A subscription with the fields for operators. */
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
