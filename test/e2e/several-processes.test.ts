import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../adapters/database/postgres/audit.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { startBalancer, type Balancer } from '../support/balancer.ts'
import { callerOf, type Reply } from '../support/call.ts'
import { pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

const PATIENCE_MS = 60_000
const CUSTOMERS = 24
const MESSAGES = 6
/** The first process is killed once this many customers are done; half of all stay unfinished until then. */
const KILL_AFTER = 6

let world: World
const apis: ApiProcess[] = []
const workers: WorkerProcess[] = []
let balancer: Balancer
beforeAll(async () => {
  world = await createWorld({ worker: false })
  // Webhooks go to the balancer like all requests, not to the world's own API.
  const own = await world.stripe.webhookEndpoints.list()
  const ports = [await anyFreePort(), await anyFreePort()]
  balancer = await startBalancer(ports)
  await world.stripe.webhookEndpoints.update(own.data[0]?.id ?? '', { disabled: true })
  const { secret } = await world.stripe.webhookEndpoints.create({
    url: `${balancer.url}/api/v1/billing/webhooks/stripe`,
    enabled_events: ['*'],
  })
  const environment = { ...world.workerEnvironment, STRIPE_WEBHOOK_SECRET: secret ?? '' }
  // Five parallel starts would take longer than the timeout of one.
  for (const port of ports) apis.push(await startApiProcess(world.database.url, port, environment))
  for (let count = 0; count < 3; count++) workers.push(await startWorkerProcess(world))
})
afterAll(async () => {
  await Promise.all([...apis, ...workers].map(({ kill }) => kill()))
  await balancer.close()
  await world.close()
})

/** Sends requests as a careful application does: retries with the same key without an answer, or after a 5xx. */
async function ask(
  method: string,
  path: string,
  given: { readonly user: string; readonly body: object },
): Promise<Reply> {
  const key = randomUUID()
  let answer: Reply | undefined
  await until(
    `${path} is answered`,
    async () => {
      const reply = await callerOf(balancer.url)(method, path, { ...given, key }).catch(
        () => undefined,
      )
      if (reply !== undefined && reply.status < 500) answer = reply
      return answer !== undefined
    },
    PATIENCE_MS,
  )
  if (answer === undefined) throw new Error('unreachable')
  return answer
}

/** Buys, pays, waits for access, and uses; the last time after `rest`. */
async function live(user: string, rest: Promise<void>): Promise<string> {
  const body = { plan_id: 'plan_pro_monthly', email: `${user}@example.com` }
  const bought = await ask('POST', '/subscriptions/checkout', { user, body })
  expect(bought.status).toBe(201)
  await pay(bought.body.checkout_url)
  for (let message = 1; message <= MESSAGES; message++) {
    if (message === MESSAGES) await rest
    await until(
      `${user} may send`,
      async () => {
        const sent = await ask('POST', '/usage/consume', {
          user,
          body: { feature: 'messages_sent', amount: 1 },
        })
        return sent.body.outcome === 'allowed'
      },
      PATIENCE_MS,
    )
  }
  return bought.body.subscription_id
}

test(
  'two APIs and three workers, one of each killed under load: nothing is lost, nothing happens twice',
  async () => {
    const users = Array.from({ length: CUSTOMERS }, (_, index) => `customer-${index}`)
    let through = 0
    const begin = until('some are through', async () => through >= KILL_AFTER, PATIENCE_MS)
    const lives = Promise.all(
      users.map(async (user, index) => {
        const isEarly = index < CUSTOMERS / 2
        const id = await live(user, isEarly ? Promise.resolve() : begin)
        through += 1
        return id
      }),
    )
    const kills = (async () => {
      await begin
      await workers[0]!.kill()
      await apis[0]!.kill()
    })()
    const [ids] = await Promise.all([lives, kills])
    expect(new Set(ids).size).toBe(CUSTOMERS)

    await until(
      'all mails are there',
      async () => {
        const mails = await Promise.all(users.map((user) => world.mailsTo(`${user}@example.com`)))
        return mails.every((each) => each.length > 0)
      },
      PATIENCE_MS,
    )
    // If the process is killed, its event is claimed again after the lease and the retry delay.
    await world.settled(2 * PATIENCE_MS)
    const rows = async (statement: string) => (await world.database.pool.query(statement)).rows
    expect(await rows('select status, count(*)::int from subscriptions group by 1')).toEqual([
      { status: 'active', count: CUSTOMERS },
    ])
    expect(
      await rows(
        `select kind, count(*)::int, count(distinct subscription_id)::int as subscriptions
         from subscription_changes group by 1 order by 1`,
      ),
    ).toEqual(
      ['activated', 'checkout_opened'].map((kind) => ({
        kind,
        count: CUSTOMERS,
        subscriptions: CUSTOMERS,
      })),
    )
    expect(
      await rows(
        `select count(*)::int as events, sum(amount)::int as amount from usage_events where outcome = 'allowed'`,
      ),
    ).toEqual([{ events: CUSTOMERS * MESSAGES, amount: CUSTOMERS * MESSAGES }])
    expect(await audit(world.database.url)).toEqual([])
    const mails = await Promise.all(users.map((user) => world.mailsTo(`${user}@example.com`)))
    expect(mails.map((each) => each.length)).toEqual(users.map(() => 1))
    const atStripe = await world.stripe.subscriptions.list({ status: 'all', limit: 100 })
    expect(atStripe.data.map(({ status }) => status)).toEqual(users.map(() => 'active'))
    const paid = await world.stripe.invoices.list({ limit: 100 })
    expect(paid.data).toHaveLength(CUSTOMERS)
  },
  5 * PATIENCE_MS,
)
