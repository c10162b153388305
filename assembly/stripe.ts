import type Stripe from 'stripe'
import { createStripeGateway, type StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import {
  createReceptionWatch,
  type ReceptionWatch,
} from '../adapters/stripe/events/reception-watch.ts'
import { createStripeInvoices, type StripeInvoices } from '../adapters/stripe/reading/invoices.ts'
import { createStripeClient, isLiveKey } from '../adapters/stripe/sdk/client.ts'
import { createClockSkew } from '../adapters/stripe/sdk/clock-skew.ts'
import { NO_TAX } from '../domain/stripe/tax.ts'
import type { MoneyBackPolicy } from '../domain/invoice/money-back.ts'
import type { InboxPolicy } from '../sync/inbox/inbox-row.ts'
import type { ContainerConfig } from './container-config.ts'
import type { Core } from './core.ts'

/** Everything that speaks to Stripe. */
export type StripeParts = {
  readonly client: Stripe
  readonly stripe: StripeGateway
  readonly stripeInvoices: StripeInvoices
  readonly receptions: ReceptionWatch
  readonly inboxPolicy: InboxPolicy
  readonly moneyBack: MoneyBackPolicy
}

/** Creates the parts that speak to Stripe, paced by the account’s shared limit. Sends nothing yet. */
export function createStripeParts(
  config: ContainerConfig,
  { logger, telemetry, repositories }: Core,
): StripeParts {
  const { environment } = config
  const sharing = { pace: repositories.stripePace, logger }
  const seeClock = createClockSkew({ logger, telemetry })
  const client = createStripeClient({ ...config.stripe, sharing, telemetry, seeClock })
  return {
    client,
    stripe: createStripeGateway({
      stripe: client,
      environment,
      tax: config.tax ?? NO_TAX,
      plans: repositories.plans,
    }),
    stripeInvoices: createStripeInvoices(client),
    receptions: createReceptionWatch({ logger, telemetry, seeClock }),
    moneyBack: config.moneyBack ?? { onFullRefund: 'keep', onDispute: 'keep' },
    inboxPolicy: {
      environment,
      livemode: isLiveKey(config.stripe.apiKey),
      account: config.stripe.account ?? null,
      thinEvents: config.stripe.thinEvents ?? false,
      keepsBodies: config.stripe.keepsBodies ?? false,
    },
  }
}
