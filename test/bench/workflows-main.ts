import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createContainer } from '../../adapters/container.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { seed } from '../../adapters/postgres/seed.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { startTestPostgres, startTestTemporal } from '../support/embedded.ts'

/** What a cached subscription costs its worker, by the resident memory of the worker's process: `npm run bench:workflows`. */
const BUDGET_KB = 400
/** Before the first reading: code, connections and the first isolates are not what a subscription costs. */
const WARM_UP = 100
/** The worker keeps 1,000 in its cache; both readings lie below that. */
const MEASURED = 800
const AT_ONCE = 20

const [postgres, temporal, bundlePath] = await Promise.all([
  startTestPostgres(),
  startTestTemporal(),
  bundleWorkflows(join(tmpdir(), 'perennial-bench-bundles')),
])
await migrate(postgres.url)
await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: false })
const taskQueue = `bench-${randomUUID()}`
const STRIPE_KEY = 'sk_test_bench'
const container = createContainer({
  name: 'bench',
  environment: 'test',
  logLevel: 'error',
  databaseUrl: postgres.url,
  databaseConnectionsMax: 10,
  temporal: { address: temporal.address, namespace: 'default', taskQueue },
  // Free plans never meet Stripe, and these users have no address.
  stripe: { apiKey: STRIPE_KEY, apiBase: 'http://127.0.0.1:1' },
  mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'bench@perennial.example' },
})

const worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
  env: {
    ...process.env,
    PERENNIAL_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_TASK_QUEUE: taskQueue,
    WORKFLOW_BUNDLE: bundlePath,
    STRIPE_API_KEY: STRIPE_KEY,
    SMTP_URL: 'smtp://127.0.0.1:1',
  },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
})
await whenReady(worker.stdout)

try {
  await start(WARM_UP)
  const before = await residentKb()
  const began = performance.now()
  await start(MEASURED)
  const seconds = (performance.now() - began) / 1_000
  const each = ((await residentKb()) - before) / MEASURED
  console.log('| figure | measured | promised | met |')
  console.log('| --- | --- | --- | --- |')
  console.log(
    `| resident memory per cached subscription | ${each.toFixed(0)} KB | ≤ ${BUDGET_KB} KB | ${each <= BUDGET_KB ? 'yes' : 'NO'} |`,
  )
  console.log(
    `| free subscriptions started and active | ${(MEASURED / seconds).toFixed(0)}/s | | |`,
  )
} finally {
  const ended = once(worker, 'exit')
  worker.kill('SIGTERM')
  await ended
  await container.close()
  await Promise.all([postgres.stop(), temporal.stop()])
}

/** Resolves at the worker's word, and reads on, so that the pipe never fills up. */
async function whenReady(output: Readable | null): Promise<void> {
  if (output === null) throw new Error('the worker has no output')
  for await (const line of createInterface({ input: output }))
    if (line.includes('"msg":"ready"')) return void output.resume()
  throw new Error('the worker ended before it was ready')
}

/** Starts so many free subscriptions and waits until each is active. */
async function start(count: number): Promise<void> {
  const plan = await container.repositories.plans.findActive('plan_free')
  if (plan === undefined) throw new Error('the seed has no free plan')
  let left = count
  const caller = async () => {
    while (left-- > 0) {
      const id = randomUUID()
      const asked = await container.workflows.checkout(
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
      if (asked.kind !== 'answered')
        throw new Error(`a subscription was not started: ${asked.kind}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
}

/** The kernel's own reading of the worker's resident memory. */
async function residentKb(): Promise<number> {
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}
