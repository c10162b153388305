import { createStripeGateway, type StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import {
  createReceptionWatch,
  type ReceptionWatch,
} from '../adapters/stripe/events/reception-watch.ts'
import { createStripeInvoices, type StripeInvoices } from '../adapters/stripe/reading/invoices.ts'
import {
  createStripeClients,
  isLiveKey,
  type StripeClients,
} from '../adapters/stripe/sdk/client.ts'
import { createClockSkew } from '../adapters/stripe/sdk/clock-skew.ts'
import { NO_TAX } from '../domain/stripe/tax.ts'
import type { MoneyBackPolicy } from '../domain/invoice/money-back.ts'
import type { InboxPolicy } from '../sync/inbox/inbox-row.ts'
import type { ContainerConfig } from './container-config.ts'
import type { Core } from './core.ts'

/** Everything that speaks to Stripe. */
export type StripeParts = {
  readonly clients: StripeClients
  /** For somebody who waits. */
  readonly stripe: StripeGateway
  /** For steps that an event or the time starts. They give way to callers. */
  readonly eventStripe: StripeGateway
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
  const clients = createStripeClients({ ...config.stripe, sharing, telemetry, seeClock })
  const gatewayParts = { environment, tax: config.tax ?? NO_TAX, plans: repositories.plans }
  return {
    clients,
    stripe: createStripeGateway({ ...gatewayParts, stripe: clients.caller }),
    eventStripe: createStripeGateway({ ...gatewayParts, stripe: clients.event }),
    stripeInvoices: createStripeInvoices(clients.caller),
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
