import { randomUUID } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import type { SubscriptionId } from '../domain/ids.ts'
import type { Repositories } from '../domain/repositories.ts'
import { createLogger, type Logger } from './logger.ts'
import { deliverNotices } from './mail/delivery.ts'
import { createMailer, type Mailer } from './mail/mailer.ts'
import { createPool } from './postgres/pool.ts'
import { createPostgresRepositories } from './postgres/repositories.ts'
import { createStripeClient } from './stripe/client.ts'
import { forwardStripeEvents } from './stripe/forwarding.ts'
import { createStripeGateway, type StripeGateway } from './stripe/gateway.ts'
import { createTemporalClient, type TemporalClient } from './temporal/connection.ts'
import { forwardUsageAlerts } from './temporal/usage-alerts.ts'
import {
  createSubscriptionWorkflows,
  type SubscriptionWorkflows,
} from './temporal/subscriptions.ts'

export type ContainerConfig = {
  readonly name: string
  readonly environment: string
  readonly logLevel: string
  readonly databaseUrl: string
  readonly databaseConnectionsMax: number
  readonly temporal: {
    readonly address: string
    readonly namespace: string
    readonly taskQueue: string
  }
  readonly stripe: { readonly apiKey: string; readonly apiBase?: string | undefined }
  readonly mail: { readonly smtpUrl: string; readonly from: string }
  /** How long after it occurred usage is still counted; only the API is asked. */
  readonly usageLatenessMaxMs?: number | undefined
  /** Given where time can be moved: by the embedded stack and by tests. */
  readonly travellingClock?: Clock | undefined
}

/** The parts that both processes are made of, and the two things that both can do with them. */
export type Container = {
  readonly logger: Logger
  readonly repositories: Repositories
  readonly stripe: StripeGateway
  readonly temporal: TemporalClient
  readonly workflows: SubscriptionWorkflows
  readonly mailer: Mailer
  readonly deliverNotices: (at: Date, subscriptionId?: SubscriptionId) => Promise<number>
  readonly forwardStripeEvents: (at: Date) => Promise<number>
  readonly forwardUsageAlerts: (at: Date) => Promise<number>
  /** Ends the parts in the reverse order of their making. */
  readonly close: () => Promise<void>
}

/** Builds every adapter once. Nothing connects before it is used. */
export function createContainer(config: ContainerConfig): Container {
  const logger = createLogger({ level: config.logLevel, name: config.name })
  const pool = createPool({
    databaseUrl: config.databaseUrl,
    connectionsMax: config.databaseConnectionsMax,
    applicationName: `perennial-${config.name}-${randomUUID().slice(0, 8)}`,
    onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
  })
  const repositories = createPostgresRepositories(pool, {
    latenessMaxMs: config.usageLatenessMaxMs,
  })
  const stripe = createStripeGateway({
    stripe: createStripeClient(config.stripe),
    environment: config.environment,
  })
  const temporal = createTemporalClient(config.temporal)
  const workflows = createSubscriptionWorkflows({
    client: temporal.client,
    taskQueue: config.temporal.taskQueue,
    travellingClock: config.travellingClock,
  })
  const mailer = createMailer(config.mail)
  const { notices, stripeEvents, subscriptions, usageAlerts } = repositories
  return {
    logger,
    repositories,
    stripe,
    temporal,
    workflows,
    mailer,
    deliverNotices: (at, id) => deliverNotices({ notices, mailer, logger }, at, id),
    forwardStripeEvents: (at) =>
      forwardStripeEvents({ stripeEvents, subscriptions, workflows, logger }, at),
    forwardUsageAlerts: (at) => forwardUsageAlerts({ usageAlerts, workflows, logger }, at),
    close: async () => {
      mailer.close()
      await temporal.close()
      await repositories.close()
    },
  }
}
