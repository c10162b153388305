import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from './until.ts'

export type ApiProcess = {
  /** Ends it as a crash does: nothing of it runs any more when this resolves. */
  readonly kill: () => Promise<void>
  /** Asks it to stop and resolves with its exit code. */
  readonly stop: () => Promise<number | null>
  /** What it has logged so far. */
  readonly log: () => string
}

/** The API as production runs it, in a process of its own. Its other parts are named, and asked by nobody unless `given`. */
export async function startApiProcess(
  databaseUrl: string,
  port: number,
  given: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], {
    cwd: new URL('../../', import.meta.url),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      PERENNIAL_ENV: 'test',
      PORT: String(port),
      PUBLIC_URL: 'http://127.0.0.1',
      SMTP_URL: 'smtp://127.0.0.1:1',
      STRIPE_API_KEY: 'sk_test_process',
      STRIPE_WEBHOOK_SECRET: 'whsec_process',
      ...given,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const log = () => Buffer.concat(chunks).toString()
  const ended = once(child, 'exit')
  await until('the API is ready or has ended', async () => {
    if (child.exitCode !== null) throw new Error(`the API ended before it was ready: ${log()}`)
    return log().includes('"msg":"ready"')
  })
  return {
    log,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}
