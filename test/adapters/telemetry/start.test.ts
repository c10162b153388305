import { createRequire } from 'node:module'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

/** Starts telemetry as a process does, with all imports of the API and the worker, and prints the loaded modules. */
const PROGRAM = `
  import { createRequire } from 'node:module'
  const { startTelemetry } = await import('./adapters/telemetry/start.ts')
  const { commonEnvironment, containerConfig, parseEnvironment } = await import('./assembly/environment.ts')
  const { createContainer } = await import('./assembly/container.ts')
  await import('./api/server.ts')
  await import('./worker/worker.ts')
  const config = containerConfig('api', parseEnvironment(commonEnvironment, process.env))
  const telemetry = await startTelemetry(config.telemetry)
  const container = createContainer(config, telemetry && { telemetry, clock: { now: () => new Date() } })
  const loaded = Object.keys(createRequire(import.meta.url).cache)
  console.log(JSON.stringify(loaded.filter((path) => path.includes('opentelemetry'))))
  await container.close()
  process.exit(0)
`

async function loadedWith(environment: Record<string, string>): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        PERENNIAL_ENV: 'test',
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
        STRIPE_API_KEY: 'sk_test_nothing',
        SMTP_URL: 'smtp://127.0.0.1:1',
        ...environment,
      },
    },
  )
  // The lines after the first are its log.
  return JSON.parse(stdout.split('\n')[0]!)
}

describe('OpenTelemetry', () => {
  test('loads none of its modules without a configured endpoint', async () => {
    expect(await loadedWith({})).toEqual([])
  })

  test('is loaded when an endpoint is configured', async () => {
    const loaded = await loadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    const { resolve } = createRequire(import.meta.url)
    expect(loaded).toContain(resolve('@opentelemetry/sdk-metrics'))
  })
})
