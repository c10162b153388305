import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { pay } from '../support/checkout-page.ts'
import { createCutOff, type CutOff } from '../support/cut-off.ts'
import { openMailServer } from '../lives/mail-server.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let postgres: CutOff
let temporal: CutOff
let world: World
beforeAll(async () => {
  postgres = await createCutOff(Number(new URL(inject('postgresUrl')).port))
  temporal = await createCutOff(Number(inject('temporalAddress').split(':')[1]))
  world = await createWorld({ postgresPort: postgres.port, temporalPort: temporal.port })
})
afterAll(async () => {
  await world.close()
  await postgres.close()
  await temporal.close()
})

/** Clients of the cluster reconnect by their own schedules, and a lost signal for an event is repeated after a minute. */
const RECOVERY_MAX_MS = 90_000

/** Longer than one attempt, shorter than all retries of a process. */
const AWAY_MS = 700

const PRO = { plan_id: 'plan_pro_monthly' }
const newUser = () => `user-${randomUUID()}`
const checkout = (user: string, body: object = PRO) =>
  world.call('POST', '/subscriptions/checkout', { user, body })
const current = (user: string) => world.call('GET', '/subscriptions/current', { user })
const isActive = (user: string) => async () => (await current(user)).body.status === 'active'

describe('while Postgres is down', () => {
  test('an e-mail that the mail server accepted meanwhile is recorded after the outage, and not sent twice', async () => {
    const wire = await createCutOff(Number(new URL(inject('postgresUrl')).port))
    const strike = async () => {
      await wire.cut()
      setTimeout(() => void wire.repair(), AWAY_MS)
    }
    const mailed = await createWorld({
      postgresPort: wire.port,
      mail: () => openMailServer(strike),
    })
    const email = `${newUser()}@example.com`
    const body = { plan_id: 'plan_free', email }
    await mailed.call('POST', '/subscriptions/checkout', { user: newUser(), body })
    // Recorded in time or not, the next round must send it.
    await Promise.allSettled([mailed.settled()])
    await mailed.moveTo(new Date(mailed.clock.now().getTime() + 60_000))
    await mailed.settled()
    expect(await mailed.mailsTo(email)).toHaveLength(1)
    await mailed.close()
    await wire.close()
  })

  test('every call answers 503 with Retry-After, and nothing is half done', async () => {
    const user = newUser()
    await checkout(user, { plan_id: 'plan_free' })
    const consume = { user, body: { feature: 'messages_sent', amount: 5 }, key: 'k' }
    await postgres.cut()
    const replies = [
      await world.call('GET', '/plans'),
      await current(user),
      await world.call('POST', '/usage/consume', consume),
      await checkout(newUser()),
    ]
    await postgres.repair()
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
      expect(reply.headers.get('retry-after')).toBe('2')
    }
    const again = await world.call('POST', '/usage/consume', consume)
    expect(again.body).toMatchObject({ outcome: 'allowed', used_amount: 5 })
  })

  test('a webhook gets 503, and Stripe retries until it is stored', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    await postgres.cut()
    await pay(body.checkout_url)
    await world.simulator.deliveriesIdle()
    expect((await world.call('GET', '/plans')).status).toBe(503)
    await postgres.repair()
    await until('the payment arrived', isActive(user))
  })

  test('the service reports that it is not ready, and keeps running', async () => {
    await postgres.cut()
    const down = await fetch(`${world.url}/readyz`)
    const alive = await fetch(`${world.url}/healthz`)
    await postgres.repair()
    expect([down.status, await down.json()]).toEqual([
      503,
      { status: 'not_ready', parts: { postgres: 'not_ready', temporal: 'ready' } },
    ])
    expect(alive.status).toBe(200)
    await until('it is ready', async () => (await fetch(`${world.url}/readyz`)).status === 200)
  })
})

describe('while Temporal is down', () => {
  test(
    'webhooks are stored and usage is counted; a payment is applied after the outage',
    async () => {
      const [user, free] = [newUser(), newUser()]
      const { body } = await checkout(user)
      await checkout(free, { plan_id: 'plan_free' })
      await temporal.cut()
      await pay(body.checkout_url)
      await world.simulator.deliveriesIdle()
      const { rows } = await world.database.pool.query(
        `select from stripe_events where state = 'received' and type like 'customer.subscription%'`,
      )
      expect(rows.length).toBeGreaterThan(0)
      const used = await world.call('POST', '/usage/consume', {
        user: free,
        body: { feature: 'messages_sent' },
      })
      expect(used.body.outcome).toBe('allowed')
      await temporal.repair()
      const arrived = async () => {
        // As the worker's sweep does.
        await world.container.forwardStripeEvents(world.clock.now())
        return isActive(user)()
      }
      await until('the payment arrived', arrived, RECOVERY_MAX_MS)
    },
    2 * RECOVERY_MAX_MS,
  )

  test(
    'a checkout answers 503, and its repeat succeeds',
    async () => {
      const given = { user: newUser(), body: PRO, key: randomUUID() }
      await temporal.cut()
      const reply = await world.call('POST', '/subscriptions/checkout', given)
      await temporal.repair()
      expect(reply).toMatchObject({ status: 503, body: { code: 'workflow_unavailable' } })
      await until(
        'the repeat succeeds',
        async () => (await world.call('POST', '/subscriptions/checkout', given)).status === 201,
        RECOVERY_MAX_MS,
      )
    },
    2 * RECOVERY_MAX_MS,
  )
})
