import { setTimeout as pause } from 'node:timers/promises'
import { logOf, startProcess, statePath, type StackContext } from '../context.ts'
import { spawnLeashed, type Leashed } from '../leash.ts'
import { messageOf } from '../message-of.ts'
import { nodeProgram, WORKFLOW_BUNDLE } from '../project.ts'
import type { Database } from './database.ts'
import type { MailPart } from './mail.ts'
import type { StripePart } from './stripe.ts'
import type { TemporalPart } from './temporal.ts'

/** The programs' dependencies on the other parts. */
export type Needs = {
  readonly database: Database
  readonly temporal: TemporalPart
  readonly stripe: StripePart
  readonly mail: MailPart
  /** The key that encrypts webhook signing secrets. */
  readonly webhookSecretKeys: string
}

/** A start takes one to three seconds; the worker's first start also bundles the workflows. */
const READY_TIMEOUT_MS = 60_000
const READY_POLL_MS = 25
/** The timeout of one request to `/readyz`. */
const PROBE_TIMEOUT_MS = 2_000
/** Longer than the worker's own grace period for activities, 20 s. */
const GRACE_SECONDS = 25

/** The embedded server needs no TLS or keys: clears the variables that a developer sets for another server. */
const NO_OTHER_CLUSTER = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^TEMPORAL_(API_KEY|TLS|PROFILE|CONFIG_FILE)/.test(name))
    .map((name) => [name, undefined]),
)

/** Starts the worker and resolves when it is ready. @throws if that takes more than 60 s, or if it ends before. */
export async function startWorker(context: StackContext, needs: Needs): Promise<void> {
  const onLine = logOf(context, 'worker')
  await startProcess(context, 'worker', async () => {
    const worker = spawnProgram('worker', environmentOf(context, needs), onLine)
    return await whenReady(worker, () => worker.lineMatching(/"msg":"ready"/, READY_TIMEOUT_MS))
  })
}

/**
 * Starts the API and resolves with its URL when it is ready.
 * @throws if that takes more than 60 s, or if it ends before.
 */
export async function startApi(context: StackContext, needs: Needs): Promise<string> {
  const { api: port } = context.ports
  const url = `http://localhost:${port}`
  const env = {
    ...environmentOf(context, needs),
    STRIPE_WEBHOOK_SECRET: needs.stripe.webhookSecret,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: url,
    SESSION_SECRET: context.secrets.session,
    JWT_SECRET: context.secrets.jwt,
    TEMPORAL_UI_URL: needs.temporal.uiUrl,
  }
  const onLine = logOf(context, 'api')
  await startProcess(context, 'api', async () => {
    const api = spawnProgram('api', env, onLine)
    return await whenReady(api, async () => {
      // Another stack may answer at this address: only its own line shows that this one listens.
      await api.lineMatching(/"msg":"ready"/, READY_TIMEOUT_MS)
      await answering(api, `http://127.0.0.1:${port}/readyz`)
    })
  })
  return url
}

function environmentOf(context: StackContext, needs: Needs): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PERENNIAL_ENV: 'development',
    PERENNIAL_CLOCK_FILE: statePath(context, 'clock.json'),
    DATABASE_URL: needs.database.url,
    // The stack's database is Postgres, so Supabase variables of the developer are cleared.
    SUPABASE_URL: undefined,
    SUPABASE_SERVICE_ROLE_KEY: undefined,
    ...(context.environment.TEMPORAL_ADDRESS === undefined && NO_OTHER_CLUSTER),
    TEMPORAL_ADDRESS: needs.temporal.address,
    TEMPORAL_NAMESPACE: context.environment.TEMPORAL_NAMESPACE,
    STRIPE_API_KEY: needs.stripe.apiKey,
    // Undefined clears a variable of the developer: real Stripe has no other address.
    STRIPE_API_BASE: needs.stripe.apiBase,
    // The simulator has no rate limit by default.
    ...(needs.stripe.apiBase !== undefined && { STRIPE_REQUESTS_PER_SECOND: '10000' }),
    SMTP_URL: needs.mail.smtpUrl,
    WEBHOOK_SECRET_KEYS: needs.webhookSecretKeys,
    MAIL_FROM: 'Perennial <billing@perennial.localhost>',
    MAIL_MANAGE_URL: `http://localhost:${context.ports.api}/account`,
    LOG_LEVEL: context.environment.LOG_LEVEL,
    ...(WORKFLOW_BUNDLE !== undefined && { WORKFLOW_BUNDLE }),
  }
}

function spawnProgram(
  name: 'api' | 'worker',
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Leashed {
  return spawnLeashed({
    name,
    ...nodeProgram(`${name}/main.ts`),
    env,
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
    onLine,
  })
}

async function whenReady(program: Leashed, ready: () => Promise<unknown>): Promise<Leashed> {
  try {
    await ready()
    return program
  } catch (error) {
    await program.stop()
    throw error
  }
}

async function answering(program: Leashed, url: string): Promise<void> {
  const ended = program.exited.then(() => true)
  const deadline = Date.now() + READY_TIMEOUT_MS
  for (;;) {
    const problem = await probe(url)
    if (problem === undefined) return
    const over = await Promise.race([ended, pause(READY_POLL_MS, false)])
    if (!over && Date.now() < deadline) continue
    const why = over ? 'ended before it was ready' : `was not ready within ${READY_TIMEOUT_MS} ms`
    throw new Error([`${program.name} ${why}: ${problem}`, ...program.lastLines()].join('\n  '))
  }
}

/** The reason why the program is not ready yet, or undefined. */
async function probe(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    return response.ok ? undefined : `${response.status} ${await response.text()}`
  } catch (error) {
    // The program does not listen yet.
    return messageOf(error)
  }
}
