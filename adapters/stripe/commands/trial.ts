import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import type { PlanChangeTarget } from './gateway.ts'

type Context = { readonly stripe: Stripe; readonly environment: string }

export type TrialChange = PlanChangeTarget & { readonly endsAt: Date | 'now' }

/** Moves the end of a trial. Ended now it is charged, and goes on while that is not paid. */
export async function changeTrial(
  { stripe, environment }: Context,
  { endsAt, ...order }: TrialChange,
): Promise<void> {
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  if (held.status !== 'trialing') return
  const trialEnd = endsAt === 'now' ? endsAt : Math.floor(endsAt.getTime() / 1_000)
  const { subscriptionId: subject, generation } = order
  await stripe.subscriptions.update(
    order.stripeSubscriptionId,
    {
      trial_end: trialEnd,
      proration_behavior: 'none',
      ...(endsAt === 'now' && { payment_behavior: 'pending_if_incomplete' }),
    },
    {
      idempotencyKey: stripeKey({
        environment,
        subject,
        command: `trial-until-${trialEnd}`,
        generation,
      }),
    },
  )
}
