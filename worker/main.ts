import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { closeParentChannel, onStop, startProcess } from '../assembly/start-process.ts'
import { endpointOptions, withTlsDiagnosis } from '../adapters/temporal/connection.ts'
import { watchUsageCounters } from '../adapters/telemetry/repositories.ts'
import { bundlePath, bundleWorkflows } from './bundle.ts'
import { readWorkerConfig } from './config.ts'
import { daily } from './daily.ts'
import { sweepUntil, type Sweep } from './sweep.ts'
import { createWake } from './wake.ts'
import { createBillingWorker } from './worker.ts'

const { config, clock, telemetry, container } = await startProcess(
  process,
  process.env,
  readWorkerConfig,
)
if (telemetry !== undefined) watchUsageCounters(container.repositories, { telemetry, clock })
const { logger } = container
const bundleKind = telemetry === undefined ? 'plain' : 'traced'
Runtime.install({
  // The container, not the SDK, decides when the process ends.
  shutdownSignals: [],
  logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
    logger[level === 'ERROR' ? 'error' : 'warn']({ ...meta }, message),
  ),
  telemetryOptions: {
    logging: { filter: 'WARN', forward: {} },
    ...(telemetry && { metrics: telemetry.temporal.metrics }),
  },
})
const webhooksChanged = createWake()

const { temporal } = config.container
const connection = await withTlsDiagnosis(temporal, () =>
  NativeConnection.connect(endpointOptions(temporal)),
)
const worker = await createBillingWorker({
  container,
  connection,
  temporal,
  bundlePath:
    config.workflowBundle === undefined
      ? await bundleWorkflows(bundleKind)
      : bundlePath(config.workflowBundle, bundleKind),
  accessPolicy: config.accessPolicy,
  pauseCredit: config.pauseCredit,
  checkoutMinutes: config.checkoutMinutes,
  webhooksChanged: webhooksChanged.call,
  deployment: config.deployment,
})

const stopping = new AbortController()
const stop = (reason: string) => {
  if (stopping.signal.aborted) return
  logger.info({ reason }, 'stopping')
  stopping.abort()
  worker.shutdown()
}
onStop(process, stop)

async function tidy(at: Date): Promise<number> {
  const done = await container.repositories.retention.tidy(config.retention, at)
  if (done === undefined) return 0
  const { partitions, ...rows } = done
  if (partitions.length > 0) logger.info({ partitions }, 'old months of the ledger were dropped')
  return Object.values(rows).reduce((sum, count) => sum + count, partitions.length)
}

const sweeps: readonly Sweep[] = [
  { name: 'stripe events', run: () => container.forwardStripeEvents(clock.now()) },
  {
    name: 'events no webhook brought',
    run: () => container.tailStripeEvents(clock.now(), config.stripePollMs),
  },
  { name: 'retention', run: daily(clock.now, tidy) },
  { name: 'offers that end', run: daily(clock.now, container.endOffers) },
  { name: 'catalogue at Stripe', run: () => container.pushCatalogue(clock.now()) },
  { name: 'customers at Stripe', run: () => container.pushCustomerDetails(clock.now) },
  { name: 'overage', run: () => container.reportOverage(clock.now()) },
  { name: 'usage alerts', run: () => container.forwardUsageAlerts(clock.now()) },
  { name: 'invoices', run: () => container.mirrorInvoiceEvents(clock.now()) },
  { name: 'letters', run: () => container.deliverLetters(clock.now(), { until: stopping.signal }) },
]
const sweeping = sweeps.map((sweep) => sweepUntil(stopping.signal, sweep, logger))
// Webhooks that another process committed are found within a second.
const sendingWebhooks = sweepUntil(
  stopping.signal,
  { name: 'webhooks', run: () => container.startWebhooks(clock.now(), stopping.signal) },
  logger,
  { intervalMs: 1_000, wake: webhooksChanged },
)
if (container.webhooks.secrets === undefined)
  logger.info('WEBHOOK_SECRET_KEYS is not set: no webhooks are sent')
const { hour, ...limits } = config.reconciliation
await container.reconciliations.schedule(hour, { cause: 'schedule', scope: 'all', ...limits })
logger.info({ taskQueue: temporal.taskQueue }, 'ready')
await worker.run()
stop('the worker ended')
await Promise.all([...sweeping, sendingWebhooks])
await connection.close()
await container.close()
closeParentChannel(process)
