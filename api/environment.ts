import type { Payload } from '@temporalio/common'
import type { RequestIdVariables } from 'hono/request-id'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { StripeInvoices } from '../adapters/stripe/reading/invoices.ts'
import type { StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import type { InboxPolicy } from '../sync/inbox/inbox-row.ts'
import type { ReceptionWatch } from '../adapters/stripe/events/reception-watch.ts'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'
import type { Reconciliations } from '../adapters/temporal/reconciliation.ts'
import type { PlanMigrationWorkflows } from '../adapters/temporal/plan-migrations.ts'
import type { SubscriptionWorkflows } from '../adapters/temporal/subscriptions.ts'
import type { WebhookSender } from '../outbox/webhooks/sender.ts'
import type { Clock } from '../domain/clock.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { AccessPolicy } from './auth/access.ts'
import type { Caller } from './auth/caller.ts'
import type { Routed } from './traced-requests.ts'

export type PagesConfig = {
  /** What seals sessions: the first one seals, all of them open. */
  readonly sessionSecrets: readonly string[]
  /** Where people reach the Temporal UI; undefined where they cannot. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | undefined
}

/** All that the API needs from outside; tests hand in what they like. */
export type ApiDependencies = {
  readonly repositories: Repositories
  readonly workflows: SubscriptionWorkflows
  readonly migrationWorkflows: PlanMigrationWorkflows
  /** For questions alone: what changes anything goes through the subscription's workflow. */
  readonly stripe: StripeGateway
  readonly stripeInvoices: Pick<StripeInvoices, 'openPortal'>
  readonly decryptPayloads: (payloads: Payload[]) => Promise<Payload[]>
  readonly clock: Clock
  readonly logger: Logger
  /** Who is told of requests; undefined where nobody is. */
  readonly telemetry?: Telemetry | undefined
  /** Where this API is reached from outside, without a slash at the end. */
  readonly publicUrl: string
  readonly access: AccessPolicy
  readonly stripeWebhookSecrets: readonly string[]
  /** Told of each webhook of Stripe's. */
  readonly receptions: ReceptionWatch
  /** How applications are told of what happens. */
  readonly webhooks: WebhookSender
  readonly reconciliations: Pick<Reconciliations, 'start'>
  /** The console and the account page; undefined where they are off. */
  readonly pages: PagesConfig | undefined
  /** Which events are acted upon. */
  readonly inboxPolicy: InboxPolicy
  /** Called after an event of this type was committed to the inbox: has it taken up, without making Stripe wait. */
  readonly inboxChanged: (type: string) => void
  /** What `/readyz` asks, by name. Each resolves when its part answers. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>
}

export type ApiEnvironment = {
  Bindings: {
    /** What broke in a lane: the request is over, and only the failure is left to be answered. */
    readonly failure?: unknown
    /** Present where requests are traced. */
    readonly routed?: Routed | undefined
    /** Who asks within this process: a page, for whoever signed in there. */
    readonly asked?: { readonly caller: Caller; readonly requestId: string }
  }
  Variables: RequestIdVariables & { caller: Caller }
}
