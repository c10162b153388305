import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscribe } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

/** Each letter waits for the mailer's timeout of five seconds: together far longer than any other work may wait. */
const LETTERS = 30
/** A sweep runs every two seconds, and the machine may be busy. */
const SWEPT_MAX_MS = 20_000

let world: World
let worker: WorkerProcess
/** Accepts connections and never answers: a mail server that hangs. */
let silence: Server
let callers = 0
beforeAll(async () => {
  world = await createWorld()
  silence = createServer(() => (callers += 1))
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await worker.kill()
  silence.close()
  await world.close()
})

const letters = async (condition: string) =>
  (await world.database.pool.query(`select from notices where state = 'pending' and ${condition}`))
    .rows.length

test('a mail server that hangs keeps nobody from Stripe’s events, or from an answer, and no worker from its end', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await world.stopWorker()
  await world.database.pool.query(
    `insert into notices select (jsonb_populate_record(n, jsonb_build_object(
       'key', n.key || '/' || i, 'state', 'pending', 'attempts', 0, 'due_at', now(), 'sent_at', null))).*
     from notices n, generate_series(1, $1) as i where n.subscription_id = $2`,
    [LETTERS, who.id],
  )
  const { port } = silence.address() as AddressInfo
  worker = await startWorkerProcess(world, { SMTP_URL: `smtp://127.0.0.1:${port}` })
  await until('it writes a letter', async () => callers > 0)
  // The state after a process is killed between the signal and its commit: the workflow knows the event already.
  const { rows } = await world.database.pool.query<{ event_id: string }>(
    `update stripe_events set state = 'received', attempts = 0, due_at = now()
     where event_id = (select event_id from stripe_events where type like 'customer.subscription.%' limit 1)
     returning event_id`,
  )
  await until(
    'the event was forwarded',
    async () => {
      const sent = await world.database.pool.query(
        `select from stripe_events where event_id = $1 and state = 'forwarded'`,
        [rows[0]?.event_id],
      )
      return sent.rows.length === 1
    },
    SWEPT_MAX_MS,
  )
  const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
  expect(changed).toMatchObject({ status: 200, body: { plan: { slug: 'plan_enterprise' } } })
  // The letter is being sent or waits for its turn; a failure is recorded only later.
  expect(await letters(`kind = 'plan_changed' and last_error is null`)).toBe(1)
  expect(await worker.stop()).toBe(0)
  expect(await letters('attempts = 0')).toBeGreaterThan(0)
})
