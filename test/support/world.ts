import { randomUUID } from 'node:crypto'
import { NativeConnection } from '@temporalio/worker'
import type Stripe from 'stripe'
import { createContainer, type Container } from '../../assembly/container.ts'
import { createStripeClient } from '../../adapters/stripe/sdk/client.ts'
import type { Pooler } from '../../adapters/database/postgres/pool.ts'
import type { NamedKey } from '../../adapters/secrets/sealing.ts'
import type { AccessPolicy } from '../../api/auth/access.ts'
import { createServer } from '../../api/server.ts'
import { createInboxPumps } from '../../sync/inbox/pump.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { askDatabase, travel } from '../../dev/travel.ts'
import {
  startStripeSimulator,
  type SimulatorOptions,
  type StripeSimulator,
} from '../../packages/stripe-simulator/simulator.ts'
import type { Clock } from '../../domain/clock.ts'
import type { EmailOwner } from '../../domain/customer/repository.ts'
import type { MoneyBackPolicy } from '../../domain/invoice/money-back.ts'
import type { TaxSettings } from '../../domain/stripe/tax.ts'
import type { PauseCredit } from '../../domain/subscription/pause-credit.ts'
import type { LetterKind } from '../../domain/customer/letter.ts'
import { createBillingWorker } from '../../worker/worker.ts'
import { callerOf, type Call } from './call.ts'
import { createDatabase, type TestDatabase } from './database.ts'
import { groundOfThisRun, type Ground } from './ground.ts'
import { startMail, type Mail, type TestMail } from './mail.ts'
import { until } from './until.ts'
import { withPort } from './with-port.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { asService } from './roles.ts'
import { OPEN_ACCESS, PAGES } from './open-access.ts'

/** The whole service in this process, over real Postgres, Temporal, HTTP and SMTP, with the Stripe simulator. */
export type World = {
  readonly clock: Clock
  readonly container: Container
  readonly database: TestDatabase
  readonly simulator: StripeSimulator
  readonly stripe: Stripe
  /** The URL of the API. */
  readonly url: string
  readonly webhookSecret: string
  /** The environment of a separate worker process for this world. */
  readonly workerEnvironment: Readonly<Record<string, string>>
  readonly call: Call
  readonly mailsTo: (address: string) => Promise<Mail[]>
  /** Advances the clock of API and Stripe alone. */
  readonly moveTo: (instant: Date) => Promise<void>
  /** Advances workflows, Stripe and the API's clock together, and stops at each due time. */
  readonly advanceTo: (instant: Date) => Promise<void>
  /** Resolves when all webhooks are delivered, all inbox events are done or parked, and all e-mails are sent. */
  readonly settled: (patienceMs?: number) => Promise<void>
  /** The worker of the latest release, unless `workflowCode` names another. */
  readonly startWorker: (bundlePath?: string) => Promise<void>
  readonly stopWorker: () => Promise<void>
  readonly close: () => Promise<void>
}

const WEBHOOK_KEY = Buffer.alloc(32, 'a key of tests alone')
const MAIL_FROM = 'Billing <billing@perennial.example>'
const MAIL_MANAGE_URL = 'https://app.example/billing'

export type WorldOptions = {
  /** The servers to use; by default those of this test run. */
  readonly ground?: Ground
  readonly access?: Partial<AccessPolicy>
  readonly wallClock?: Clock
  readonly payloadKeys?: readonly NamedKey[]
  /** False: no worker runs until `startWorker`. */
  readonly worker?: boolean
  /** Settings of the Stripe account. */
  readonly stripe?: Pick<SimulatorOptions, 'afterLastAttempt' | 'log' | 'onExchange'>
  readonly moneyBack?: MoneyBackPolicy
  /** No tax by default. */
  readonly tax?: TaxSettings
  /** `none` by default. */
  readonly pauseCredit?: PauseCredit
  /** The side that owns e-mail addresses; the application by default. */
  readonly emailOwner?: EmailOwner
  /** The rate limit for requests to Stripe; unlimited by default. */
  readonly pace?: { readonly requestsPerSecond: number }
  /** Whether events without their objects are processed. */
  readonly thinEvents?: boolean
  /** Whether events keep fields besides ids; true, so that tests of erasure have personal data to find. */
  readonly keepsBodies?: boolean
  /** Kinds of e-mail that are switched off. */
  readonly mailDisabledKinds?: readonly LetterKind[]
  /** Another mail server than the default. */
  readonly mail?: (clock: Clock) => Promise<TestMail>
  /** Another address for Stripe, such as a proxy before the simulator. */
  readonly stripeThrough?: (simulatorUrl: string) => Promise<string>
  /** Other addresses for Postgres and Temporal, such as proxies. */
  readonly postgresPort?: number
  readonly pooler?: Pooler
  readonly temporalPort?: number
}

export async function createWorld(given: WorldOptions = {}): Promise<World> {
  quietRuntime()
  let offsetMs = 0
  const clock: Clock = { now: () => new Date(Date.now() + offsetMs) }
  const ground = given.ground ?? groundOfThisRun()
  const database = await createDatabase({
    ...ground,
    ...(given.pooler !== undefined && { kind: 'postgres' }),
  })
  const databaseUrl = withPort(asService(database.url), given.postgresPort)
  const temporalAddress =
    given.temporalPort === undefined ? ground.temporalAddress : `127.0.0.1:${given.temporalPort}`
  const mail = await (given.mail ?? startMail)(clock)
  const simulator = await startStripeSimulator({ clock, settlesByItself: false, ...given.stripe })
  // Short, as in production: each history repeats it.
  const taskQueue = `billing-${randomUUID().slice(0, 8)}`
  const stripe = createStripeClient({ apiKey: 'sk_test_world', apiBase: simulator.url })
  const container = createContainer({
    name: 'test',
    environment: 'test',
    logLevel: process.env['LOG_LEVEL'] ?? 'error',
    database: database.configOver(databaseUrl, given.pooler),
    temporal: {
      address: temporalAddress,
      namespace: 'default',
      taskQueue,
      ...(given.payloadKeys && { payloadKeys: given.payloadKeys }),
    },
    stripe: {
      apiKey: 'sk_test_world',
      apiBase: (await given.stripeThrough?.(simulator.url)) ?? simulator.url,
      ...given.pace,
      thinEvents: given.thinEvents ?? false,
      keepsBodies: given.keepsBodies ?? true,
    },
    mail: {
      smtpUrl: mail.smtpUrl,
      from: MAIL_FROM,
      manageUrl: MAIL_MANAGE_URL,
      disabledKinds: given.mailDisabledKinds ?? [],
    },
    ...(given.moneyBack && { moneyBack: given.moneyBack }),
    ...(given.tax && { tax: given.tax }),
    ...(given.emailOwner && { emailOwner: given.emailOwner }),
    webhooks: { secretKeys: [{ id: 'test', key: WEBHOOK_KEY }] },
    travellingClock: clock,
  })
  const pump = createInboxPumps(container, clock.now)
  container.repositories.usage.whenAlerted(pump.alerted)
  const api = await serveApi()
  const worker = createWorkerHost()
  if (given.worker !== false) await worker.start()

  /** The API over HTTP, with a webhook endpoint registered at the simulator as an operator would. */
  async function serveApi() {
    const port = await anyFreePort()
    const url = `http://127.0.0.1:${port}`
    const endpoint = await stripe.webhookEndpoints.create({
      url: `${url}/api/v1/billing/webhooks/stripe`,
      enabled_events: ['*'],
    })
    const server = createServer({
      ...container,
      decryptPayloads: container.temporal.decrypt,
      clock,
      wallClock: given.wallClock,
      publicUrl: url,
      access: { ...OPEN_ACCESS, ...given.access },
      pages: PAGES,
      stripeWebhookSecrets: [endpoint.secret ?? ''],
      inboxChanged: pump.changed,
      readiness: { postgres: container.repositories.ping, temporal: container.temporal.ping },
    })
    server.listen(port, '127.0.0.1')
    return {
      url,
      webhookSecret: endpoint.secret ?? '',
      close: () => new Promise<void>((resolve) => server.close(() => resolve())),
    }
  }

  function createWorkerHost() {
    let running: { stop: () => Promise<void> } | undefined
    let release = ground.workflowBundle
    return {
      async start(bundlePath = release) {
        release = bundlePath
        const connection = await NativeConnection.connect({ address: temporalAddress })
        const billing = await createBillingWorker({
          container,
          connection,
          temporal: { namespace: 'default', taskQueue },
          bundlePath,
          accessPolicy: { graceDays: 7, whileCollectionPaused: 'as_stripe' },
          ...(given.pauseCredit && { pauseCredit: given.pauseCredit }),
          checkoutMinutes: 60,
        })
        const ended = billing.run()
        running = {
          stop: async () => {
            billing.shutdown()
            await ended
            await connection.close()
          },
        }
      },
      async stop() {
        await running?.stop()
        running = undefined
      },
    }
  }

  async function settled(patienceMs?: number) {
    const isSettled = async () => {
      await simulator.deliveriesIdle()
      await pump.idle()
      await container.forwardStripeEvents(clock.now())
      await container.mirrorInvoiceEvents(clock.now())
      const { rows } = await database.pool.query(
        `select from stripe_events where state in ('received', 'forwarded') limit 1`,
      )
      return rows.length === 0
    }
    await until('every Stripe event is done or parked', isSettled, patienceMs)
    // The worker may be sending one of them now, and two senders must not run together.
    await until('every letter was sent, or failed once', async () => {
      await container.deliverLetters(clock.now())
      const { rows } = await database.pool.query(
        `select from notices where state = 'pending' and last_error is null limit 1`,
      )
      return rows.length === 0
    })
  }

  const moveTo = async (instant: Date) => {
    offsetMs = instant.getTime() - Date.now()
  }
  const advanceTo = (target: Date) =>
    travel(
      {
        now: clock.now,
        moveTo,
        client: container.temporal.client,
        ...askDatabase(database.pool),
        stripe: { nextDueAt: async () => simulator.nextDueAt(), settle: simulator.settle },
        settled,
      },
      target,
    )

  return {
    clock,
    container,
    database,
    simulator,
    stripe,
    url: api.url,
    webhookSecret: api.webhookSecret,
    workerEnvironment: {
      PERENNIAL_ENV: 'test',
      LOG_LEVEL: 'info',
      ...(database.supabase === undefined
        ? { DATABASE_URL: asService(database.url) }
        : {
            SUPABASE_URL: database.supabase.url,
            SUPABASE_SERVICE_ROLE_KEY: database.supabase.serviceRoleKey,
          }),
      TEMPORAL_ADDRESS: ground.temporalAddress,
      TEMPORAL_TASK_QUEUE: taskQueue,
      WORKFLOW_BUNDLE: ground.workflowBundle,
      STRIPE_API_KEY: 'sk_test_world',
      STRIPE_API_BASE: simulator.url,
      STRIPE_REQUESTS_PER_SECOND: '10000',
      SMTP_URL: mail.smtpUrl,
      WEBHOOK_SECRET_KEYS: `test=${WEBHOOK_KEY.toString('base64')}`,
      MAIL_FROM,
      MAIL_MANAGE_URL,
    },
    call: callerOf(api.url),
    mailsTo: mail.to,
    moveTo,
    advanceTo,
    settled,
    startWorker: (bundlePath) => worker.start(bundlePath),
    stopWorker: () => worker.stop(),
    close: async () => {
      await worker.stop()
      await simulator.close()
      await api.close()
      await pump.idle()
      await container.close()
      await mail.close()
      await database.close()
    },
  }
}
