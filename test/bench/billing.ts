import { randomUUID } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createContainer, type Container } from '../../assembly/container.ts'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { seed } from '../../adapters/database/postgres/seed.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { startSimulator } from './processes.ts'
import { startTestPostgres, startTestTemporal } from '../support/embedded.ts'

const AT_ONCE = 20

/** Postgres, Temporal, the simulator and a worker, each in a separate process. */
export type Billing = {
  readonly container: Container
  readonly databaseUrl: string
  readonly temporalAddress: string
  readonly simulatorUrl: string
  /** The environment of another worker on these servers, with an existing bundle. */
  readonly workerEnvironment: Readonly<Record<string, string>>
  /** The environment of the API on these servers. */
  readonly apiEnvironment: Readonly<Record<string, string>>
  /** Starts this many free subscriptions, which never use Stripe, and resolves when each is active. */
  readonly start: (count: number) => Promise<void>
  /** The worker's resident memory, as the kernel reports it. */
  readonly residentKb: () => Promise<number>
  /** Kills the worker and starts another one. */
  readonly replaceWorker: () => Promise<void>
  readonly close: () => Promise<void>
}

/** @param given further variables of the worker's environment */
export async function startBilling(given: Readonly<Record<string, string>> = {}): Promise<Billing> {
  const [postgres, temporal, simulator, bundlePath] = await Promise.all([
    startTestPostgres(),
    startTestTemporal(),
    startSimulator(),
    bundleWorkflows('plain', join(tmpdir(), 'perennial-bench-bundles')),
  ])
  await migrate(postgres.url)
  await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: true })
  const taskQueue = `bench-${randomUUID()}`
  const apiKey = 'sk_test_bench'
  const container = createContainer({
    name: 'bench',
    environment: 'test',
    logLevel: 'error',
    database: { kind: 'postgres', url: postgres.url, connectionsMax: 10 },
    temporal: { address: temporal.address, namespace: 'default', taskQueue },
    stripe: { apiKey, apiBase: simulator.url },
    mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'bench@perennial.example' },
  })
  const environment = {
    PERENNIAL_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_TASK_QUEUE: taskQueue,
    WORKFLOW_BUNDLE: bundlePath,
    STRIPE_API_KEY: apiKey,
    STRIPE_API_BASE: simulator.url,
    STRIPE_REQUESTS_PER_SECOND: '10000',
    // No customer has an e-mail address.
    SMTP_URL: 'smtp://127.0.0.1:1',
    ...given,
  }
  const startWorker = async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    await whenReady(child.stdout)
    return child
  }
  let worker = await startWorker()

  return {
    container,
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    simulatorUrl: simulator.url,
    workerEnvironment: environment,
    apiEnvironment: {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_TASK_QUEUE: taskQueue,
      STRIPE_API_KEY: apiKey,
      STRIPE_API_BASE: simulator.url,
      STRIPE_REQUESTS_PER_SECOND: '10000',
    },
    start: (count) => start(container, count),
    residentKb: async () => {
      const status = await readFile(`/proc/${worker.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
    },
    replaceWorker: async () => {
      await end(worker, 'SIGKILL')
      worker = await startWorker()
    },
    close: async () => {
      await end(worker, 'SIGTERM')
      await container.close()
      await Promise.all([postgres.stop(), temporal.stop(), simulator.stop()])
    },
  }
}

async function end(worker: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(worker, 'exit')
  worker.kill(signal)
  await ended
}

/** Resolves when the worker reports ready, and keeps reading, so that the pipe never fills up. */
async function whenReady(output: Readable | null): Promise<void> {
  if (output === null) throw new Error('the worker has no output')
  for await (const line of createInterface({ input: output }))
    if (line.includes('"msg":"ready"')) return void output.resume()
  throw new Error('the worker ended before it was ready')
}

/** Starts this many free subscriptions and waits until each is active. */
async function start(container: Container, count: number): Promise<void> {
  const plan = await container.repositories.plans.findActive('plan_free')
  if (plan === undefined) throw new Error('the seed has no free plan')
  let left = count
  const caller = async () => {
    while (left-- > 0) {
      const id = randomUUID()
      const ask = () =>
        container.workflows.checkout(
          { subscriptionId: id, userId: `bench-${id}`, commandId: id },
          {
            planVersionId: plan.id,
            free: true,
            quantity: 1,
            paymentMethodCollection: 'always',
            successUrl: 'http://127.0.0.1',
            cancelUrl: 'http://127.0.0.1',
          },
        )
      let asked = await ask()
      // A busy machine answers late: repeating the request returns the answer.
      while (asked.kind === 'unavailable') asked = await ask()
      if (asked.kind !== 'answered')
        throw new Error(`a subscription was not started: ${asked.kind}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
}
