import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { claimInstance } from '../../dev/single-instance.ts'
import { instanceFileIn, writeStackFile } from '../../dev/stack-file.ts'
import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import { groundOfThisRun } from '../support/ground.ts'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'
import { perennial } from './support.ts'

const DAY_MS = 86_400_000
const CATALOGUE = fileURLToPath(new URL('../../catalogue.yaml', import.meta.url))

let world: World
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  world = await createWorld()
  env = { ...world.workerEnvironment, LOG_LEVEL: 'error' }
})
afterAll(() => world.close())

const json = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await perennial([...args, '--json'], env)
  if (stdout === '') throw new Error(stderr)
  return { exitCode, body: JSON.parse(stdout) }
}

describe('migrate', () => {
  test('creates the schema of an empty database, and changes nothing the second time', async () => {
    const name = `cli_${randomUUID().slice(0, 8)}`
    const url = new URL(groundOfThisRun().postgresUrl)
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query(`create database ${name}`)
    url.pathname = `/${name}`
    const migrate = async () =>
      JSON.parse((await perennial(['migrate', '--json'], { DATABASE_URL: url.href })).stdout)
    expect((await migrate()).applied).toContain('0001_catalogue.sql')
    expect(await migrate()).toEqual({ applied: [] })
    expect((await perennial(['migrate'], { DATABASE_URL: url.href })).stdout).toBe(
      'The schema is up to date.\n',
    )
    await client.query(`drop database ${name}`)
    await client.end()
  })
})

describe('keys', () => {
  test('are created, listed, rotated and revoked', async () => {
    const made = await json('keys', 'create', '--name', 'shop', '--scopes', 'app,read')
    expect(made.body).toMatchObject({ name: 'shop', scopes: ['app', 'read'], expires_at: null })
    const { keys } = (await json('keys', 'list')).body
    expect(keys).toContainEqual(expect.objectContaining({ id: made.body.id, revoked_at: null }))
    expect(JSON.stringify(keys)).not.toContain(made.body.key)

    const rotated = await json('keys', 'rotate', made.body.id, '--overlap-hours', '1')
    expect(rotated.body).toMatchObject({ replaces: made.body.id })
    const { apiKeys } = world.container.repositories
    expect(await apiKeys.findByHash(hashOfKey(rotated.body.key), new Date())).toBeDefined()
    const again = await perennial(['keys', 'rotate', made.body.id], env)
    expect(again).toMatchObject({ exitCode: EXIT.wrong })
    expect(again.stderr).toContain('was rotated before')

    const { stdout } = await perennial(['keys', 'revoke', rotated.body.id], env)
    expect(stdout).toContain('Revoked, within five seconds')
    expect(await apiKeys.findByHash(hashOfKey(rotated.body.key), new Date())).toBeUndefined()
    const unknown = await perennial(['keys', 'revoke', randomUUID()], env)
    expect(unknown).toMatchObject({ exitCode: EXIT.wrong, stdout: '' })
  })
})

describe('without DATABASE_URL', () => {
  test('a command uses the stack that runs here, with its clock, and refuses when none runs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'perennial-on-stack-'))
    const clockFile = join(directory, 'clock.json')
    await writeFile(clockFile, JSON.stringify({ offsetMs: 400 * DAY_MS }))
    const stack = await claimInstance(instanceFileIn(directory))
    await writeStackFile(directory, {
      databaseUrl: env['DATABASE_URL'] ?? '',
      temporalAddress: env['TEMPORAL_ADDRESS'] ?? '',
      temporalNamespace: env['TEMPORAL_NAMESPACE'] ?? 'default',
      simulatorUrl: env['STRIPE_API_BASE'] ?? '',
      smtpUrl: env['SMTP_URL'] ?? '',
      clockFile,
      jwtSecret: '',
      apiUrl: world.url,
      mailUrl: '',
    })
    const here = {
      PERENNIAL_STATE: directory,
      TEMPORAL_TASK_QUEUE: env['TEMPORAL_TASK_QUEUE'],
      LOG_LEVEL: 'error',
    }
    const created = await perennial(
      ['keys', 'create', '--name', 'on the stack', '--scopes', 'read', '--json'],
      here,
    )
    expect(created.stderr).toBe('DATABASE_URL is not set: this is the stack of `npm start`.\n')
    const { id } = JSON.parse(created.stdout)
    const found = (await json('keys', 'list')).body.keys.find(
      (key: { id: string }) => key.id === id,
    )
    expect(Date.parse(found.created_at) - Date.now()).toBeGreaterThan(399 * DAY_MS)
    for (const args of [
      ['catalogue', 'plan', CATALOGUE],
      ['audit'],
      ['import', '--dry-run'],
      ['keys', 'revoke', id],
    ])
      expect(await perennial(args, here)).toMatchObject({ exitCode: EXIT.ok })
    expect((await perennial(['user', 'export', 'nobody'], here)).exitCode).toBe(EXIT.wrong)
    const erased = await perennial(['user', 'erase', 'nobody', '--yes'], here)
    expect(erased).toMatchObject({ exitCode: EXIT.wrong })
    expect(erased.stderr).toContain('Nothing is known of nobody.')

    await stack.stop()
    const { exitCode, stderr } = await perennial(['audit'], here)
    expect(exitCode).toBe(EXIT.usage)
    expect(stderr).toContain('uses the stack of `npm start`, and none runs here')
    await rm(directory, { recursive: true })
  })
})

test('catalogue plan and apply find no difference to the seeded plans, nor to what export writes', async () => {
  const exported = join(await mkdtemp(join(tmpdir(), 'perennial-export-')), 'plans.yaml')
  await writeFile(exported, (await perennial(['catalogue', 'export'], env)).stdout)
  for (const file of [CATALOGUE, exported])
    for (const what of ['plan', 'apply'])
      expect(await json('catalogue', what, file)).toMatchObject({
        exitCode: EXIT.ok,
        body: { changes: [], left_alone: [], done: what === 'apply' },
      })
  await rm(dirname(exported), { recursive: true })
})

test('catalogue apply refuses the fingerprint of another plan', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-moved-'))
  const file = join(directory, 'plans.yaml')
  const text = await readFile(CATALOGUE, 'utf8')
  await writeFile(file, text.replace('name: Starter', 'name: Beginner'))
  const { fingerprint } = (await json('catalogue', 'plan', file)).body
  await writeFile(file, text.replace('name: Starter', 'name: Started'))
  const refused = await perennial(['catalogue', 'apply', file, '--fingerprint', fingerprint], env)
  expect(refused).toMatchObject({ exitCode: EXIT.wrong, stdout: '' })
  expect(refused.stderr).toContain('Nothing was done: show the plan again.')
  expect((await json('catalogue', 'plan', CATALOGUE)).body.changes).toEqual([])
  await rm(directory, { recursive: true })
})

test('audit lists the counters that disagree, and ends with 1', async () => {
  const life = await subscribe(world, 'plan_free')
  await life.consume(5)
  expect(await json('audit')).toEqual({
    exitCode: EXIT.ok,
    body: { disagreements: [], is_cut: false },
  })
  await world.database.pool.query('update feature_usage set used_amount = 6 where used_amount = 5')
  const { exitCode, body } = await json('audit')
  expect(exitCode).toBe(EXIT.wrong)
  expect(body.disagreements).toMatchObject([{ id: life.id, counted: '6', in_the_ledger: '5' }])
  await world.database.pool.query('update feature_usage set used_amount = 5 where used_amount = 6')
})

test('reconcile and import report figures and findings', async () => {
  for (const command of ['reconcile', 'import']) {
    const { exitCode, body } = await json(command, '--dry-run')
    expect(exitCode).toBe(EXIT.ok)
    expect(body).toMatchObject({
      dry_run: true,
      found: 0,
      findings: [],
      workflow_id: expect.stringMatching(/^reconciliation\//),
    })
  }
})

test('user export writes every row, and erase refuses a user with a running subscription', async () => {
  const life = await subscribe(world, 'plan_free')
  const { stdout, stderr } = await perennial(['user', 'export', life.user], env)
  const tables = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).table)
  expect(tables).toContain('subscriptions')
  expect(stderr).toContain(`${tables.length} rows.`)
  const erase = () => perennial(['user', 'erase', life.user, '--yes'], env)
  expect(await erase()).toMatchObject({ exitCode: EXIT.wrong, stdout: '' })
  await life.ask('PUT', '/cancellation', { when: 'now' })
  await world.settled()
  expect((await erase()).stdout).toContain('Erased.')
  expect((await perennial(['user', 'export', life.user], env)).exitCode).toBe(EXIT.wrong)
})

describe('doctor', () => {
  const complete = () => ({
    ...env,
    STRIPE_WEBHOOK_SECRET: world.webhookSecret,
    PUBLIC_URL: world.url,
  })
  const examine = async (given: NodeJS.ProcessEnv) => {
    const { exitCode, stdout } = await perennial(['doctor', '--json'], given)
    const { findings } = JSON.parse(stdout)
    const wrong = findings.filter(({ state }: { state: string }) => state !== 'ok')
    return { exitCode, findings, wrong, parts: wrong.map(({ part }: { part: string }) => part) }
  }

  test('finds no problem in a healthy world', async () => {
    const { exitCode, wrong, findings } = await examine(complete())
    expect(wrong).toEqual([])
    expect(findings.length).toBeGreaterThan(8)
    expect(exitCode).toBe(EXIT.ok)
  })

  test('names each missing variable and its fix', async () => {
    const { PUBLIC_URL: _, ...rest } = complete()
    const { exitCode, wrong } = await examine(rest)
    expect(exitCode).toBe(EXIT.wrong)
    expect(wrong).toMatchObject([{ part: 'configuration of the API' }])
    expect(wrong[0].detail).toContain('PUBLIC_URL')
  })

  test.each([
    ['database', { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' }],
    ['Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }],
    ['Stripe', { STRIPE_API_BASE: 'http://127.0.0.1:1' }],
    ['mail', { SMTP_URL: 'smtp://127.0.0.1:1' }],
    ['API', { PUBLIC_URL: 'http://127.0.0.1:1' }],
  ])('ends with 3 when a part cannot be reached: %s', async (part, broken) => {
    const { exitCode, wrong, parts } = await examine({ ...complete(), ...broken })
    expect(exitCode).toBe(EXIT.unreachable)
    expect(parts).toContain(part)
    expect(JSON.stringify(wrong)).not.toContain('secret@')
  })

  test('reports a missing worker', async () => {
    const { exitCode, wrong } = await examine({
      ...complete(),
      TEMPORAL_TASK_QUEUE: 'nobody-works-here',
    })
    expect(exitCode).toBe(EXIT.wrong)
    expect(wrong).toMatchObject([{ part: 'worker', fix: 'perennial worker' }])
  })
})
