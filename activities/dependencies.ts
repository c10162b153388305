import type { Logger } from '../adapters/telemetry/logger.ts'
import type { StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import type { PageReport, PageRequest } from '../sync/reconciliation/page.ts'
import type { SubscriptionCommands } from '../adapters/temporal/subscription-commands.ts'
import type { AccessPolicy } from '../domain/subscription/access.ts'
import type { SubscriptionId } from '../domain/ids.ts'
import type { Repositories } from '../domain/repositories.ts'

export type ActivityDependencies = {
  readonly repositories: Repositories
  readonly stripe: StripeGateway
  /** For migrations, which ask the workflows of single subscriptions. */
  readonly moves: SubscriptionCommands
  readonly accessPolicy: AccessPolicy
  /** How long a page to pay on stays open. Stripe takes 30 minutes to 24 hours. */
  readonly checkoutMinutes: number
  /** Mirrors a bill; what fails is left to the bill's own events. */
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
  /** Compares a page of Stripe's with what is here. */
  readonly reconcile: (request: PageRequest, at: Date) => Promise<PageReport>
  /** Sends what is pending for a subscription; what fails stays pending for the worker's sweep. */
  readonly deliverNotices: (subscriptionId: SubscriptionId, at: Date) => Promise<void>
  /** Has what was just committed told to the application, without making anybody wait. */
  readonly webhooksChanged: () => void
  readonly logger: Logger
}
