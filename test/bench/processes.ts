import { spawnLeashed, type Leashed } from '../../dev/leash.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { nodeProgram } from '../../dev/project.ts'

export type Served = {
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

const READY_TIMEOUT_MS = 30_000
const GRACE_SECONDS = 10

/** The API as production runs it. Its other parts are named but never asked. */
export const startApi = (
  databaseUrl: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Served> =>
  start('api/main.ts', {
    ...given,
    HOST: '127.0.0.1',
    PERENNIAL_ENV: 'test',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: 'http://127.0.0.1',
    STRIPE_API_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
    SMTP_URL: 'smtp://127.0.0.1:1',
  })

export const startEcho = (): Promise<Served> => start('test/bench/echo-main.ts', {})

async function start(script: string, environment: Record<string, string>): Promise<Served> {
  const port = await anyFreePort()
  const server: Leashed = spawnLeashed({
    name: script,
    ...nodeProgram(script),
    env: { ...process.env, ...environment, PORT: String(port) },
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
  })
  await server.lineMatching(/ready/, READY_TIMEOUT_MS)
  return { url: `http://127.0.0.1:${port}`, pid: server.pid, stop: server.stop }
}
