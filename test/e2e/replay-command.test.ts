import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

/** Encrypted, as payloads may be in production: the command must decrypt them. */
const KEY = Buffer.alloc(32, 'k')

let world: World
beforeAll(async () => {
  world = await createWorld({ payloadKeys: [{ id: 'test', key: KEY }] })
  await subscribe(world, 'plan_free')
  const paid = await subscribe(world, 'plan_pro_monthly')
  await paid.ask('PUT', '/cancellation', { when: 'period_end' })
})
afterAll(() => world.close())

/** The command reads from Temporal alone: it has no database and no Stripe. */
async function command(
  given: Record<string, string> = {},
  ...options: string[]
): Promise<{ code: number; lines: string[]; said: string }> {
  const { TEMPORAL_ADDRESS, TEMPORAL_TASK_QUEUE } = world.workerEnvironment
  const env = {
    PATH: process.env['PATH'],
    TEMPORAL_ADDRESS,
    TEMPORAL_TASK_QUEUE,
    TEMPORAL_PAYLOAD_KEYS: `test=${KEY.toString('base64')}`,
    WORKFLOW_BUNDLE: inject('workflowBundle'),
    ...given,
  }
  const ran = await promisify(execFile)(
    process.execPath,
    ['cli/perennial.js', 'replay', ...options],
    { cwd: new URL('../../', import.meta.url), env, encoding: 'utf8' },
  ).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  return { code: ran.code, lines: ran.stdout.trim().split('\n'), said: ran.stderr }
}

test('the present code replays what runs now', async () => {
  const { code, lines } = await command()
  expect(lines.at(-1)).toMatch(/^2 replayed, 0 would be decided otherwise/)
  expect(code).toBe(0)
  expect((await command({}, '--limit', '1')).lines.at(-1)).toMatch(/^1 replayed/)
})

test('code that would decide otherwise is named, run by run, and the command fails', async () => {
  const bundle = await readFile(inject('workflowBundle'), 'utf8')
  const careless = join(tmpdir(), `careless-${randomUUID()}.js`)
  await writeFile(careless, bundle.replaceAll('startFree', 'startElse'))
  const { code, lines } = await command({ WORKFLOW_BUNDLE: careless })
  await rm(careless)
  expect(code).toBe(1)
  expect(lines.at(-1)).toMatch(/^2 replayed, 1 would be decided otherwise/)
  expect(lines[0]).toMatch(/^subscription\//)
  expect(lines[1]).toMatch(/startFree|startElse/)
})

test('a query that finds nothing proves nothing, and a number that is none is refused', async () => {
  const none = await command({}, '--query', 'TaskQueue = "of-nobody"')
  expect(none.code).toBe(1)
  expect(none.said).toContain('No run was found')
  const wrong = await command({}, '--limit', 'all')
  expect(wrong.code).toBe(2)
  expect(wrong.said).toContain('--limit takes a number')
  const many = await command({}, '--limit', '100001')
  expect(many.code).toBe(2)
  expect(many.said).toContain('from 1 to 100000')
})

test('programs read the result as one document, and an unreachable cluster differs from a failed replay', async () => {
  const { code, lines } = await command({}, '--json')
  expect(code).toBe(0)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { query: expect.stringContaining('Running'), replayed: 2, divergences: [] },
  ])
  const away = await command({ TEMPORAL_ADDRESS: '127.0.0.1:1' })
  expect(away.code).toBe(3)
  expect(away.said).toContain('127.0.0.1:1')
})
