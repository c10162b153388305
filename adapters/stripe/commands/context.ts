import type Stripe from 'stripe'
import type { SubscriptionId } from '../../../domain/ids.ts'
import { stripeKey } from '../../../domain/keys.ts'
import type { TaxSettings } from '../../../domain/stripe/tax.ts'
import type { PlanPrices } from '../reading/plan-item.ts'

/** The parts that every command to Stripe uses. */
export type StripeContext = {
  readonly stripe: Stripe
  /** The deployment's name, part of each idempotency key. */
  readonly environment: string
}

/** The deployment's tax settings, for commands that make pages and prices. */
export type TaxContext = { readonly tax: TaxSettings }

/** The further needs of commands about plans. */
export type GatewayContext = StripeContext & TaxContext & { readonly plans: PlanPrices }

/** The subscription that a command changes. Our id and the generation are part of the idempotency key. */
export type SubscriptionTarget = {
  readonly subscriptionId: SubscriptionId
  readonly stripeSubscriptionId: string
  readonly generation: number
}

/**
 * The request options for one command: a retry has the same key, so Stripe does the work once.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export const keyed = (
  { environment }: Pick<StripeContext, 'environment'>,
  key: { readonly subject: string; readonly command: string; readonly generation: number },
): { readonly idempotencyKey: string } => ({ idempotencyKey: stripeKey({ environment, ...key }) })
