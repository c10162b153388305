import { spawnLeashed, type Leashed } from '../../dev/leash.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { nodeProgram } from '../../dev/project.ts'
import { WEBHOOK_SECRET } from './setting.ts'

export type Served = {
  readonly url: string
  /** The root of the process tree to measure. */
  readonly pid: number
  readonly stop: () => Promise<void>
}

const READY_TIMEOUT_MS = 30_000
const GRACE_SECONDS = 10

/** The API as in production. Its other dependencies get addresses that are never used. */
export const startApi = (
  databaseUrl: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Served> =>
  start('api/main.ts', {
    HOST: '127.0.0.1',
    PERENNIAL_ENV: 'test',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: 'http://127.0.0.1',
    STRIPE_API_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    SMTP_URL: 'smtp://127.0.0.1:1',
    ...given,
  })

export const startEcho = (): Promise<Served> => start('test/bench/echo-main.ts', {})

/** Hono and `constructEvent`, without storage. */
export const startBareWebhooks = (): Promise<Served> =>
  start('test/bench/bare-webhooks-main.ts', {})

/** Stripe's own sync engine behind Hono; it creates its tables from the published document. */
export const startSyncEngine = (databaseUrl: string, document: string): Promise<Served> =>
  start('test/bench/sync-engine-main.mjs', {
    DATABASE_URL: databaseUrl,
    STRIPE_DOCUMENT: document,
  })

/** The Stripe simulator by the wall clock, on the port of its argument. */
export async function startSimulator(): Promise<Served> {
  const port = await anyFreePort()
  return serve(
    'packages/stripe-simulator/simulator-main.ts',
    ['--port', String(port)],
    {},
    port,
    /^http/,
  )
}

/** A worker with almost empty workflows. */
export const startBareWorker = (temporalAddress: string, taskQueue: string): Promise<Served> =>
  start('test/bench/bare-worker-main.ts', {
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: taskQueue,
  })

async function start(script: string, environment: Record<string, string>): Promise<Served> {
  const port = Number(environment['PORT'] ?? (await anyFreePort()))
  return serve(script, [], { ...environment, PORT: String(port) }, port, /ready/)
}

async function serve(
  script: string,
  args: readonly string[],
  environment: Record<string, string>,
  port: number,
  isReady: RegExp,
): Promise<Served> {
  const server: Leashed = spawnLeashed({
    name: script,
    ...nodeProgram(script, ...args),
    env: { ...process.env, ...environment },
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
  })
  await server.lineMatching(isReady, READY_TIMEOUT_MS)
  return { url: `http://127.0.0.1:${port}`, pid: server.pid, stop: server.stop }
}
