import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from './until.ts'

export type ApiProcess = {
  /** Kills the process without a shutdown; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Requests a shutdown and resolves with the exit code. */
  readonly stop: () => Promise<number | null>
  /** All output logged so far. */
  readonly log: () => string
}

/** Runs the API as in production, in a separate process. Its dependencies get unreachable addresses unless `given`. */
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
