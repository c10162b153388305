import type { Clock } from '../domain/clock.ts'
import type { MoneyBackPolicy } from '../domain/invoice/money-back.ts'
import type { NoticeKind } from '../domain/customer/letter.ts'
import { REPAIRS_MAX } from '../domain/stripe/reconciliation.ts'
import type { Repositories } from '../domain/repositories.ts'
import { createLogger, type Logger } from '../adapters/telemetry/logger.ts'
import { createNoticeDelivery, type NoticeDelivery } from '../outbox/letters/delivery.ts'
import { createMailer, type Mailer } from '../adapters/mail/mailer.ts'
import { createRepositories, type DatabaseConfig } from './repositories.ts'
import { mirrorInvoiceEvents } from '../sync/inbox/invoice-events.ts'
import { createStripeInvoices, type StripeInvoices } from '../adapters/stripe/reading/invoices.ts'
import { mirrorInvoice } from '../sync/mirror-invoice.ts'
import { pushCatalogue } from '../sync/push-catalogue.ts'
import { reportOverage } from '../sync/report-usage.ts'
import { createStripeClient, isLiveKey } from '../adapters/stripe/sdk/client.ts'
import { createClockSkew } from '../adapters/stripe/sdk/clock-skew.ts'
import { tailStripeEvents } from '../sync/tail.ts'
import { forwardStripeEvents } from '../sync/inbox/forwarding.ts'
import { createStripeGateway, type StripeGateway } from '../adapters/stripe/commands/gateway.ts'
import type { IntakePolicy } from '../sync/inbox/intake.ts'
import {
  createReceptionWatch,
  type ReceptionWatch,
} from '../adapters/stripe/events/reception-watch.ts'
import {
  reconcilePage,
  type PageReport,
  type PageRequest,
} from '../sync/reconciliation/reconciliation.ts'
import { watchRepositories, type Watching } from '../adapters/telemetry/repositories.ts'
import type { TelemetryConfig } from '../adapters/telemetry/start.ts'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'
import type { NamedKey } from '../adapters/secrets/sealing.ts'
import {
  createTemporalClient,
  type TemporalAddress,
  type TemporalClient,
} from '../adapters/temporal/connection.ts'
import { createReconciliations, type Reconciliations } from '../adapters/temporal/reconciliation.ts'
import { endOffers } from '../adapters/temporal/ending-offers.ts'
import { revivingLost } from '../adapters/temporal/lost-workflows.ts'
import { createSubscriptionCommands } from '../adapters/temporal/subscription-commands.ts'
import {
  createPlanMigrationWorkflows,
  type PlanMigrationWorkflows,
} from '../adapters/temporal/plan-migrations.ts'
import { forwardUsageAlerts } from '../adapters/temporal/usage-alerts.ts'
import {
  createSubscriptionWorkflows,
  type SubscriptionWorkflows,
} from '../adapters/temporal/subscriptions.ts'
import { deliverWebhooks } from '../outbox/webhooks/delivery.ts'
import { createWebhookSending, type WebhookSending } from '../outbox/webhooks/sending.ts'

export type ContainerConfig = {
  readonly name: string
  readonly environment: string
  readonly logLevel: string
  readonly database: DatabaseConfig
  readonly temporal: TemporalAddress & { readonly taskQueue: string }
  readonly stripe: {
    readonly apiKey: string
    readonly apiBase?: string | undefined
    /** Our own account, where events name one. */
    readonly account?: string | undefined
    readonly thinEvents?: boolean
    /** Whether what events say besides ids is kept. */
    readonly keepsBodies?: boolean
    /** Requests of all processes together; without it as many as are asked. */
    readonly requestsPerSecond?: number
  }
  readonly mail: {
    readonly smtpUrl: string
    readonly from: string
    readonly disabledKinds?: readonly NoticeKind[]
  }
  /** How long after it occurred usage is still counted; only the API is asked. */
  readonly usageLatenessMaxMs?: number | undefined
  /** What ends a subscription whose money goes back; nothing, unless the operator says so. */
  readonly moneyBack?: MoneyBackPolicy
  /** Where the process tells what it does; absent where nobody asks. */
  readonly telemetry?: TelemetryConfig | undefined
  /** What seals the signing secrets of webhooks; the first key seals, all open. */
  readonly webhooks?: { readonly secretKeys: readonly NamedKey[] }
  /** Given where time can be moved: by the embedded stack and by tests. */
  readonly travellingClock?: Clock | undefined
}

/** The parts that both processes are made of, and what both can do with them. */
export type Container = {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
  readonly repositories: Repositories
  readonly stripe: StripeGateway
  readonly bills: StripeInvoices
  readonly intake: IntakePolicy
  readonly receptions: ReceptionWatch
  readonly temporal: TemporalClient
  readonly workflows: SubscriptionWorkflows
  readonly reconciliations: Reconciliations
  readonly migrationWorkflows: PlanMigrationWorkflows
  readonly mailer: Mailer
  readonly deliverNotices: NoticeDelivery['deliver']
  /** Tells the workflows what came into the inbox. */
  readonly forwardStripeEvents: (at: Date) => Promise<number>
  /** Puts into the inbox what no webhook brought. */
  readonly tailStripeEvents: (at: Date, everyMs: number) => Promise<number>
  /** Compares a page of Stripe's with what is here. */
  readonly reconcile: (request: PageRequest, at: Date) => Promise<PageReport>
  readonly forwardUsageAlerts: (at: Date) => Promise<number>
  /** Has those whose own version of a plan ends go back to the plan's. */
  readonly endOffers: (at: Date) => Promise<number>
  /** Makes Stripe's products and prices as the catalogue says, or says what differs. */
  readonly pushCatalogue: (at: Date) => Promise<number>
  readonly reportOverage: (at: Date) => Promise<number>
  /** Mirrors the bills that the inbox tells of. */
  readonly mirrorInvoiceEvents: (at: Date) => Promise<number>
  /** Mirrors one bill, whatever told of it. */
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
  /** Sends what is due to the application's endpoints, and answers how many attempts were made. */
  readonly deliverWebhooks: (at: Date, until?: AbortSignal) => Promise<number>
  readonly webhooks: WebhookSending
  /** Ends the parts in the reverse order of their making. */
  readonly close: () => Promise<void>
}

/** What a comparison does unless somebody wants something else. */
const EVERYTHING = { scope: 'all', dryRun: false, repairsMax: REPAIRS_MAX } as const

/** Builds every adapter once. Nothing connects before it is used. */
export function createContainer(config: ContainerConfig, watching?: Watching): Container {
  const telemetry = watching?.telemetry
  const logger = createLogger({
    level: config.logLevel,
    name: config.name,
    fields: telemetry?.logFields,
  })
  telemetry?.whenTroubled((trouble) => logger.warn({ trouble }, 'telemetry was not exported'))
  const stored = createRepositories(config.database, {
    name: config.name,
    onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
    latenessMaxMs: config.usageLatenessMaxMs,
    telemetry,
  })
  const repositories = watching === undefined ? stored : watchRepositories(stored, watching)
  const sharing = { pace: repositories.stripePace, logger }
  const seeClock = createClockSkew({ logger, telemetry })
  const client = createStripeClient({ ...config.stripe, sharing, telemetry, seeClock })
  const stripe = createStripeGateway({ stripe: client, environment: config.environment })
  const bills = createStripeInvoices(client)
  const intake: IntakePolicy = {
    environment: config.environment,
    livemode: isLiveKey(config.stripe.apiKey),
    account: config.stripe.account ?? null,
    thinEvents: config.stripe.thinEvents ?? false,
    keepsBodies: config.stripe.keepsBodies ?? false,
  }
  const temporal = createTemporalClient({ ...config.temporal, telemetry })
  const ofWorkflows = {
    client: temporal.client,
    promptClient: temporal.promptClient,
    taskQueue: config.temporal.taskQueue,
    travellingClock: config.travellingClock,
  }
  const workflows = revivingLost(createSubscriptionWorkflows(ofWorkflows), {
    subscriptions: repositories.subscriptions,
    logger,
  })
  const reconciliations = createReconciliations(ofWorkflows)
  const compareAll = async (cause: string) => {
    await reconciliations.start({ cause, ...EVERYTHING })
  }
  const mailer = createMailer(config.mail)
  const webhooks = createWebhookSending(config.environment, config.webhooks?.secretKeys ?? [])
  const { notices, stripeEvents, syncCursors, usageAlerts, overageReports } = repositories
  const { environment } = config
  // Whoever has an inbox taken up has brought one event of many.
  const apart = telemetry?.apart ?? (<T>(run: () => T) => run())
  const importing = { stripe: client, environment, repositories, workflows, logger }
  const { disabledKinds = [] } = config.mail
  const noticeDelivery = createNoticeDelivery({ notices, mailer, logger, disabledKinds, telemetry })
  const { moneyBack = { onFullRefund: 'keep', onDispute: 'keep' } } = config
  const mirror = async (invoiceId: string, at: Date) => {
    const order = { invoiceId, moneyBack: false, at, done: () => [] }
    await mirrorInvoice({ repositories, bills }, order)
  }
  return {
    logger,
    repositories,
    stripe,
    bills,
    intake,
    receptions: createReceptionWatch({ logger, telemetry, seeClock }),
    temporal,
    workflows,
    reconciliations,
    migrationWorkflows: createPlanMigrationWorkflows(ofWorkflows),
    mailer,
    telemetry,
    deliverNotices: noticeDelivery.deliver,
    forwardStripeEvents: (at) =>
      apart(() => forwardStripeEvents({ stripeEvents, telemetry, ...importing, compareAll }, at)),
    tailStripeEvents: (at, everyMs) =>
      tailStripeEvents(
        {
          stripe: client,
          stripeEvents,
          syncCursors,
          intake,
          logger,
          missed: () => compareAll('events were missed'),
        },
        at,
        everyMs,
      ),
    pushCatalogue: (at) =>
      pushCatalogue({ stripe: client, environment, ...repositories, logger }, at),
    reportOverage: (at) =>
      reportOverage(
        { stripe: client, environment: config.environment, overageReports, logger },
        at,
      ),
    endOffers: (at) =>
      endOffers({ ...repositories, moves: createSubscriptionCommands(workflows), logger }, at),
    forwardUsageAlerts: (at) => forwardUsageAlerts({ usageAlerts, workflows, logger }, at),
    mirrorInvoiceEvents: (at) =>
      apart(() =>
        mirrorInvoiceEvents(
          { repositories, bills, stripeEvents, workflows, logger, moneyBack, telemetry },
          at,
        ),
      ),
    mirrorInvoice: mirror,
    webhooks,
    deliverWebhooks: (at, until) =>
      deliverWebhooks(
        {
          webhooks: repositories.webhooks,
          plans: repositories.plans,
          sending: webhooks,
          logger,
          wall: () => new Date(),
          chance: Math.random,
          telemetry,
        },
        { at, until },
      ),
    reconcile: (request, at) =>
      reconcilePage({ ...importing, bills, mirrorInvoice: mirror }, request, at),
    close: async () => {
      await noticeDelivery.finish()
      webhooks.post.close()
      mailer.close()
      await temporal.close()
      await repositories.close()
      await telemetry?.close()
    },
  }
}
