import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../adapters/database/postgres/audit.ts'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { createPool } from '../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../adapters/database/postgres/repositories.ts'
import { seed } from '../../adapters/database/postgres/seed.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess } from '../support/api-process.ts'
import { DURABLE_SETTINGS, startTestPostgres, type TestPostgres } from '../support/embedded.ts'
import { getPlan, storeActive } from '../support/rows.ts'
import { until } from '../support/until.ts'

/** A separate server, whose commits are on disk, so that it can be stopped in the middle. */
let postgres: TestPostgres
let pool: pg.Pool
beforeAll(async () => {
  postgres = await startTestPostgres(DURABLE_SETTINGS)
  await migrate(postgres.url)
  await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: true })
  pool = createPool({
    databaseUrl: postgres.url,
    connectionsMax: 5,
    applicationName: 'test',
    onError: () => {},
  })
})
afterAll(async () => {
  await pool.end()
  await postgres.stop()
})

const CALLERS = 24
async function aUser(slug: string) {
  const repositories = createPostgresRepositories(pool)
  const plan = await getPlan(repositories, slug)
  return storeActive(repositories, { plan, at: new Date() })
}

/** Constant parallel calls, each with a separate key; calls without an answer are retried until they have one. */
function load(url: string, user: string) {
  const answers = new Map<string, unknown>()
  const statuses = new Map<number | 'none', number>()
  const ending = new AbortController()
  const consume = async (key: string) => {
    const status = await fetch(`${url}/api/v1/billing/usage/consume`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer bk_dev_app',
        'content-type': 'application/json',
        'x-user-id': user,
        'idempotency-key': key,
      },
      body: JSON.stringify({ feature: 'messages_sent', amount: 1 }),
    }).then(
      async (reply) => {
        if (reply.status === 200) answers.set(key, await reply.json())
        else await reply.arrayBuffer()
        return reply.status
      },
      () => 'none' as const,
    )
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    return status === 200
  }
  const caller = async () => {
    while (!ending.signal.aborted) {
      const key = randomUUID()
      await until('it is answered', () => consume(key))
    }
  }
  const callers = Array.from({ length: CALLERS }, caller)
  return {
    answers,
    statuses,
    consume,
    answered: (count: number) => until(`${count} are answered`, async () => answers.size >= count),
    end: async () => {
      ending.abort()
      await Promise.all(callers)
    },
  }
}

async function ledgerOf(subscriptionId: string) {
  const { rows } = await pool.query<{ key: string }>(
    `select idempotency_key as key from usage_events where subscription_id = $1 and outcome = 'allowed'`,
    [subscriptionId],
  )
  const counted = await pool.query<{ used: number }>(
    `select used_amount as used from feature_usage u join features f on f.id = u.feature_id
     where subscription_id = $1 and f.code = 'messages_sent'`,
    [subscriptionId],
  )
  return { keys: rows.map(({ key }) => key).sort(), used: counted.rows[0]?.used }
}

test('an API that is killed under load loses no answered event, and counts none twice', async () => {
  const subscription = await aUser('plan_enterprise')
  const port = await anyFreePort()
  const first = await startApiProcess(postgres.url, port)
  const calls = load(`http://127.0.0.1:${port}`, subscription.userId)
  await calls.answered(300)
  await first.kill()
  const answered = [...calls.answers.keys()]
  const { keys } = await ledgerOf(subscription.id)
  expect(answered.filter((key) => !keys.includes(key))).toEqual([])
  const second = await startApiProcess(postgres.url, port)
  await calls.answered(answered.length + 300)
  await calls.end()
  // A repeated call gets the same answer.
  const before = new Map(calls.answers)
  for (const key of answered.slice(-50)) {
    await calls.consume(key)
    expect(calls.answers.get(key)).toEqual(before.get(key))
  }
  const after = await ledgerOf(subscription.id)
  expect(after.keys).toEqual([...calls.answers.keys()].sort())
  expect(after.used).toBe(calls.answers.size)
  await second.kill()
})

test('a Postgres that restarts under load is a 503 or a success, and nothing is counted twice', async () => {
  const subscription = await aUser('plan_enterprise')
  const port = await anyFreePort()
  const api = await startApiProcess(postgres.url, port)
  const calls = load(`http://127.0.0.1:${port}`, subscription.userId)
  await calls.answered(200)
  await postgres.restart()
  await calls.answered(calls.answers.size + 200)
  await postgres.restart()
  await calls.answered(calls.answers.size + 200)
  await calls.end()
  expect([...calls.statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual(
    [],
  )
  const { keys, used } = await ledgerOf(subscription.id)
  expect(keys).toEqual([...calls.answers.keys()].sort())
  expect(used).toBe(calls.answers.size)
  await api.kill()
})

/** One connection, one process: fifty independent consumers. */
const PROCESSES = 50
const CALLS = 15
const CONSUMER = `
  import pg from 'pg'
  const [url, user, id] = process.argv.slice(1)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let allowed = 0
  for (let call = 0; call < ${CALLS}; call++) {
    const { rows } = await client.query(
      "select outcome from consume_usage(now(), array[$1], '{messages_sent}', array[$2], '{1}', '{null}', now() - interval '1 day')",
      [user, id + '/' + call])
    if (rows[0].outcome === 'allowed') allowed++
  }
  await client.end()
  console.log(allowed)`

test(`${PROCESSES} processes against one limit never pass it, and use it up`, async () => {
  const subscription = await aUser('plan_free')
  const run = promisify(execFile)
  const outputs = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      run(
        process.execPath,
        ['--input-type=module', '-e', CONSUMER, postgres.url, subscription.userId, `p${index}`],
        { cwd: new URL('../../', import.meta.url) },
      ),
    ),
  )
  const allowed = outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0)
  expect(allowed).toBe(100)
  expect(await ledgerOf(subscription.id)).toMatchObject({ used: 100 })
})

test('every counter is the sum of its ledger after all of this', async () => {
  expect(await audit(postgres.url)).toEqual([])
})
