import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as patience } from 'node:timers/promises'
import { Worker, type NativeConnection, type WorkerDeploymentOptions } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import type { ActivityParts } from '../activities/parts.ts'
import type { Container } from '../assembly/container.ts'
import { createSubscriptionCommands } from '../adapters/temporal/subscription-commands.ts'
import type { AccessPolicy } from '../domain/subscription/access.ts'
import type { PauseCredit } from '../domain/subscription/pause-credit.ts'
import { failBeyondRetry } from './beyond-retry.ts'
import { signOfLife } from './sign-of-life.ts'

/** The time for activities to finish at shutdown; a step takes seconds at most. */
const SHUTDOWN_GRACE = '20 seconds'
/** How long the end of a subscription waits for Stripe's meters. Longer than one report takes; a caller waits for the end. */
const FLUSH_WAIT_MAX_MS = 10_000
/** A mail server accepts a letter in milliseconds. If it hangs, the step returns and sending continues in background. */
const MAIL_WAIT_MAX_MS = 1_000
/** About 0.3 MB each; an evicted workflow replays the history of a single period. */
const CACHED_WORKFLOWS_MAX = 1_000

/** After a worker dies, its workflows wait this long for it before another worker continues them. */
const OTHER_WORKER_AFTER = '5 seconds'

/** The parts of a worker, its connection to Temporal and its workflow bundle. */
export type BillingWorkerOptions = {
  readonly container: Container
  readonly connection: NativeConnection
  readonly temporal: { readonly namespace: string; readonly taskQueue: string }
  readonly bundlePath: string
  readonly accessPolicy: AccessPolicy
  /** `none` by default. */
  readonly pauseCredit?: PauseCredit
  readonly checkoutMinutes: number
  /** Called after a commit that may have a webhook to send. */
  readonly webhooksChanged?: () => void
  readonly deployment?: WorkerDeployment
}

/** With a name, Temporal sends tasks to the build that operators made current; without one, to any worker. */
export type WorkerDeployment = {
  readonly name: string | undefined
  /** If undefined: the hash of the workflow code. */
  readonly buildId: string | undefined
}

/** Enough to distinguish two releases. Each event of a history contains it, and the SDK's default has 90 bytes. */
const BUILD_ID_CHARACTERS = 8

/** Identifies a worker's workflow code. Operators see it in every history. */
async function buildIdOf(bundlePath: string): Promise<string> {
  const code = await readFile(bundlePath)
  return createHash('sha256').update(code).digest('hex').slice(0, BUILD_ID_CHARACTERS)
}

/** Every history contains the version; a named deployment also receives only the tasks of its build. */
async function deploymentOptions(
  bundlePath: string,
  { name, buildId }: WorkerDeployment = { name: undefined, buildId: undefined },
): Promise<WorkerDeploymentOptions> {
  const build = buildId ?? (await buildIdOf(bundlePath))
  return name === undefined
    ? { version: { deploymentName: 'perennial', buildId: build }, useWorkerVersioning: false }
    : {
        version: { deploymentName: name, buildId: build },
        useWorkerVersioning: true,
        // A subscription lives for years: the new build gets its next task and must replay the old build's decisions.
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      }
}

/** Creates a worker for subscriptions: the prebuilt workflows, and activities over the container's adapters. */
export async function createBillingWorker(options: BillingWorkerOptions): Promise<Worker> {
  const { container, connection, temporal, bundlePath } = options
  const traced = container.telemetry?.temporal.worker
  const deployment = await deploymentOptions(bundlePath, options.deployment)
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    dataConverter: container.temporal.dataConverter,
    ...traced,
    taskQueue: temporal.taskQueue,
    workflowBundle: { codePath: bundlePath },
    activities: createActivities({
      repositories: container.repositories,
      stripe: container.stripe,
      eventStripe: container.eventStripe,
      commands: createSubscriptionCommands(container.workflows),
      accessPolicy: options.accessPolicy,
      build: deployment.version.buildId,
      trialOncePer: container.trialOncePer,
      pauseCredit: options.pauseCredit ?? 'none',
      checkoutMinutes: options.checkoutMinutes,
      logger: container.logger,
      reconcile: container.reconcile,
      webhooksChanged: options.webhooksChanged ?? (() => undefined),
      mirrorInvoice: async (invoiceId, at) => {
        try {
          await container.mirrorInvoice(invoiceId, at)
        } catch (error) {
          // The step itself is committed, and the invoice's own events mirror it later.
          container.logger.warn({ err: error, invoiceId }, 'an invoice waits for its event')
        }
      },
      flushOverage: async (userId, at) => {
        const flushed = container.flushOverage(userId, at).catch((error: unknown) =>
          // The sweep reports it later; then it may be too late for the last invoice.
          container.logger.warn(
            { err: error },
            'overage of a subscription that ends was not reported',
          ),
        )
        await Promise.race([flushed, patience(FLUSH_WAIT_MAX_MS, undefined, { ref: false })])
      },
      deliverLetters: lettersOf(container),
    }),
    interceptors: {
      activity: [failBeyondRetry, signOfLife, ...(traced?.interceptors?.activity ?? [])],
    },
    workerDeploymentOptions: deployment,
    maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
    stickyQueueScheduleToStartTimeout: OTHER_WORKER_AFTER,
    shutdownGraceTime: SHUTDOWN_GRACE,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  })
}

/** Sends the letters of a step while it waits for a moment. */
const lettersOf =
  (container: Container): ActivityParts['deliverLetters'] =>
  async (subscriptionId, at) => {
    const delivered = container.deliverLetters(at, { subscriptionId }).catch((error: unknown) =>
      // The step itself is committed; the worker's sweep sends pending letters.
      container.logger.warn({ err: error, subscriptionId }, 'letters wait for the next sweep'),
    )
    await Promise.race([delivered, patience(MAIL_WAIT_MAX_MS, undefined, { ref: false })])
  }
