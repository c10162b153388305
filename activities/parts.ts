import type { StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { SubscriptionCommands } from '../adapters/temporal/subscription-commands.ts'
import type { SubscriptionId } from '../domain/ids.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { AccessPolicy } from '../domain/subscription/access.ts'
import type { PauseCredit } from '../domain/subscription/pause-credit.ts'
import type { TrialLimit } from '../domain/subscription/trial-identity.ts'
import type { PageReport, PageRequest } from '../sync/reconciliation/page.ts'

/** Everything that activities use. Each activity declares the parts that it needs. */
export type ActivityParts = {
  readonly repositories: Repositories
  readonly stripe: StripeGateway
  /** Commands to the workflows of single subscriptions, for plan migrations. */
  readonly commands: SubscriptionCommands
  readonly accessPolicy: AccessPolicy
  /** Identifies the code that decides, in stored decisions. */
  readonly build: string
  readonly pauseCredit: PauseCredit
  /** By what a person is recognized, who has one trial. */
  readonly trialOncePer: readonly TrialLimit[]
  /** How long a payment page stays open, in minutes: 30 to 1,440, as Stripe allows. */
  readonly checkoutMinutes: number
  /** Mirrors an invoice. A failure is left to the events of that invoice. */
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
  /** Reports a user's billed overage to Stripe's meters now. */
  readonly flushOverage: (userId: string, at: Date) => Promise<void>
  /** Compares a page of Stripe's objects with ours. */
  readonly reconcile: (request: PageRequest, at: Date) => Promise<PageReport>
  /** Sends the pending letters of a subscription; the worker's sweep sends what fails. */
  readonly deliverLetters: (subscriptionId: SubscriptionId, at: Date) => Promise<void>
  /** Starts the delivery of committed webhooks to the application, without waiting for it. */
  readonly webhooksChanged: () => void
  readonly logger: Logger
}
