import { serve, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { createServer } from 'node:http'
import type { Clock } from './clock.ts'
import { createEngine } from './engine.ts'
import { createApi, type Exchange } from './http/api.ts'
import { checkoutRoutes } from './pages/checkout-routes.ts'
import { createDeliveryRules } from './knobs/delivery-rules.ts'
import { createFaults } from './knobs/faults.ts'
import { knobRoutes } from './knobs/routes.ts'
import { indexRoutes } from './pages/index-routes.ts'
import { invoiceRoutes } from './pages/invoice-routes.ts'
import { portalRoutes } from './pages/portal-routes.ts'
import { unknownPage } from './pages/results.ts'
import { RETRY_AFTER, type Settings } from './settings.ts'
import { keepSettling } from './timer.ts'
import { createDeliveries } from './webhooks/delivery.ts'

/** A running simulator. */
export type StripeSimulator = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** The signing secret of an endpoint that was created through the API. */
  readonly webhookSecretFor: (endpointId: string) => string | undefined
  /**
   * Runs all changes that are due up to and including the clock's current instant, in the order
   * of their due instants and each at its own.
   */
  readonly settle: () => Promise<void>
  /** The instant of the next automatic change, if any. */
  readonly nextDueAt: () => Date | undefined
  /** Resolves when every due delivery attempt has an answer; retries may still be pending. */
  readonly deliveriesIdle: () => Promise<void>
  /** Stops the timer, the deliveries and the server. With a journal, pending deliveries wait for the next start. */
  readonly close: () => Promise<void>
}

/** The options of a simulator. All but the clock have a default. */
export type SimulatorOptions = {
  /** The time of the account; it may be ahead of real time. */
  readonly clock: Clock
  /** 0, the default, selects any free port. */
  readonly port?: number
  /** The address to listen on; `127.0.0.1` by default. */
  readonly host?: string
  /** The base URL of generated links, without a slash at the end; `http://HOST:PORT` by default. */
  readonly publicUrl?: string
  /** The file that stores every change, so that the next start continues. Without it, memory only. */
  readonly journalPath?: string
  /** Receives one line for each request, and for each problem; without it, nothing is logged. */
  readonly log?: (line: string) => void
  /** `true` by default: due changes run within half a second. `false`: they wait for `settle` or the next request. */
  readonly settlesByItself?: boolean
  /** Seconds of the clock between attempts to collect an invoice; 3, 5 and 6 days by default. */
  readonly retryAfter?: readonly number[]
  /** Real seconds between attempts to deliver an event; the last one repeats. By default 1, 2, 5, 10, 30 and 60. */
  readonly redeliverAfter?: readonly number[]
  /** The end of a subscription whose last attempt fails; `cancel` by default. */
  readonly afterLastAttempt?: Settings['afterLastAttempt']
  /** The status of a subscription whose first payment takes days; `active` by default. */
  readonly whileProcessing?: Settings['whileProcessing']
  /** Receives every request with its response. */
  readonly onExchange?: (exchange: Exchange) => void
}

/**
 * Starts a private Stripe account in this process, and resolves when it listens.
 *
 * @throws if the port is in use, or the journal cannot be read.
 */
export async function startStripeSimulator(options: SimulatorOptions): Promise<StripeSimulator> {
  const { clock, port = 0, host = '127.0.0.1', log = () => undefined } = options
  const app = new Hono()
  const server = serve({ fetch: app.fetch, port, hostname: host, createServer })
  await listening(server)
  const url = `http://${host}:${portOf(server)}`
  const rules = createDeliveryRules()
  const faults = createFaults()
  const deliveries = createDeliveries({
    engine: () => engine,
    rules,
    log,
    retryAfter: options.redeliverAfter,
  })
  const engine = createEngine({
    clock,
    settings: {
      url: options.publicUrl ?? url,
      retryAfter: options.retryAfter ?? RETRY_AFTER,
      afterLastAttempt: options.afterLastAttempt ?? 'cancel',
      whileProcessing: options.whileProcessing ?? 'active',
    },
    journalPath: options.journalPath,
    onDelivery: deliveries.add,
  })
  app.route(
    '/',
    createApi({ engine, faults, rules, deliveries, log, onExchange: options.onExchange }),
  )
  app.route('/', knobRoutes({ engine, faults, rules, deliveries }))
  app.route('/', checkoutRoutes(engine))
  app.route('/', indexRoutes(engine))
  app.route('/', portalRoutes(engine))
  app.route('/', invoiceRoutes(engine))
  app.notFound((c) => c.html(unknownPage(), 404))
  const timer = options.settlesByItself === false ? undefined : keepSettling(engine, { clock, log })
  return {
    url,
    webhookSecretFor: (id) => engine.store.find('webhookEndpoints', id)?.secret,
    settle: engine.settle,
    nextDueAt() {
      const at = engine.nextDueAt()
      return at === undefined ? undefined : new Date(at * 1000)
    },
    deliveriesIdle: deliveries.idle,
    async close() {
      timer?.stop()
      await deliveries.close()
      await closed(server)
      engine.close()
    },
  }
}

function listening(server: ServerType): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.listening) resolve()
    server.once('listening', resolve)
    server.once('error', reject)
  })
}

function portOf(server: ServerType): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
