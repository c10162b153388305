import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { perennial } from './support.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Everything that a process needs, with parts at a port where nothing listens. */
const nothingRuns = async () => {
  const port = await anyFreePort()
  return {
    PATH: process.env['PATH'] ?? '',
    PERENNIAL_ENV: 'test',
    DATABASE_URL: `postgres://perennial:secret@127.0.0.1:${port}/perennial`,
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    STRIPE_API_KEY: 'sk_test_nothing',
    SMTP_URL: `smtp://127.0.0.1:${port}`,
  }
}

describe('a command explains in a sentence', () => {
  test('an address that is none, before it connects', async () => {
    const { exitCode, stderr } = await perennial(['audit'], { DATABASE_URL: 'hello' })
    expect(exitCode).toBe(EXIT.usage)
    expect(stderr).toBe(
      'DATABASE_URL is not the address of a Postgres: postgres://user:password@host:5432/database\n',
    )
  })

  test('a database that does not answer', async () => {
    const { exitCode, stderr } = await perennial(['audit'], await nothingRuns())
    expect(exitCode).toBe(EXIT.unreachable)
    expect(stderr).toMatch(/^The database does not answer: .*ECONNREFUSED/)
    expect(stderr).toContain('is DATABASE_URL right?')
    expect(stderr).not.toMatch(/^ +at /m)
  })
})

test('a command of the stack where none runs names the one that starts it', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['cli/perennial.js', 'advance', '1', 'month'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PERENNIAL_STATE: mkdtempSync(join(tmpdir(), 'perennial-none-')) },
    },
  )
  expect({ status, stderr }).toEqual({
    status: EXIT.unreachable,
    stderr: 'No stack runs here: `npm start` starts one.\n',
  })
})

test('a worker without Temporal says so and exits, without a stack trace', async () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: await nothingRuns(),
  })
  expect(status).toBe(EXIT.unreachable)
  expect(stderr).toMatch(/^Temporal does not answer: /m)
  expect(stderr).toContain('Does a server run at TEMPORAL_ADDRESS?')
  expect(stderr).not.toMatch(/^ +at /m)
})

test('an older Node names the one that is needed, also for --help', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(older)}`, 'cli/perennial.js', '--help'],
    { cwd: ROOT, encoding: 'utf8' },
  )
  expect({ status, stderr }).toEqual({
    status: EXIT.usage,
    stderr: 'Perennial needs Node 20.20 or newer. This is Node 18.20.4.\n',
  })
})
