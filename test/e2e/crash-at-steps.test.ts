import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anyFreePort } from '../../dev/ports.ts'
import { BASE_PATH } from '../../api/app.ts'
import { startApiProcess } from '../support/api-process.ts'
import { pay } from '../support/checkout-page.ts'
import { turn, undo } from '../support/dashboard.ts'
import { newUser, unpaidCustomer, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { signed } from '../support/webhook.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterEach(() => undo(world))
afterAll(() => world.close())

/** The longest wait after a crash. */
const RECOVERY_MAX_MS = 60_000
const faultsLeft = async (): Promise<number> => {
  const state = await fetch(`${world.simulator.url}/_simulator/state`)
  return ((await state.json()) as { faults: unknown[] }).faults.length
}
/** Stripe processes the next matching request, and its answer is lost. */
const hang = (method: string, path: string) =>
  turn(world, 'faults', { kind: 'commit_then_hang', count: 1, method, path })

async function payerWithAWorker(): Promise<Customer> {
  const buyer = await unpaidCustomer(world)
  await pay((await buyer.read()).checkout.url)
  await until('it is active', async () => (await buyer.read()).status === 'active')
  return buyer
}

describe('a worker that is killed before it gets the answer to a request that Stripe has carried out', () => {
  test(
    'creates one customer and one page',
    async () => {
      const first = await startWorkerProcess(world)
      await hang('POST', '/v1/customers')
      const user = newUser()
      const body = { plan_id: 'plan_pro_monthly', email: `${user}@example.com` }
      const request = world.call('POST', '/subscriptions/checkout', { user, body, key: 'once' })
      await until('Stripe was asked', async () => (await faultsLeft()) === 0)
      await first.kill()
      const second = await startWorkerProcess(world)
      await request
      await until(
        'the page is there',
        async () => {
          const again = await world.call('POST', '/subscriptions/checkout', {
            user,
            body,
            key: 'once',
          })
          return again.status === 201
        },
        RECOVERY_MAX_MS,
      )
      const { data } = await world.stripe.customers.list({ limit: 100 })
      expect(data.filter(({ metadata }) => metadata['perennial_user_id'] === user)).toHaveLength(1)
      expect(await second.stop()).toBe(0)
    },
    3 * RECOVERY_MAX_MS,
  )

  test(
    'charges a change of plan once',
    async () => {
      const first = await startWorkerProcess(world)
      const payer = await payerWithAWorker()
      const { id } = await payer.stripe()
      await hang('POST', `/v1/subscriptions/${id}`)
      const change = { plan_id: 'plan_enterprise', when: 'now' }
      const request = payer.ask('PUT', '/plan', change, { key: 'upgrade' })
      await until('Stripe was asked', async () => (await faultsLeft()) === 0)
      await first.kill()
      const second = await startWorkerProcess(world)
      await request
      await until(
        'the plan is there',
        async () => (await payer.read()).plan.slug === 'plan_enterprise',
        RECOVERY_MAX_MS,
      )
      await world.settled()
      expect(await payer.stripeInvoices()).toHaveLength(2)
      expect(await second.stop()).toBe(0)
    },
    3 * RECOVERY_MAX_MS,
  )
})

describe('an API that is killed', () => {
  test(
    'right after it has answered 200 loses nothing: the worker forwards the events in the inbox',
    async () => {
      const worker = await startWorkerProcess(world)
      const payer = await payerWithAWorker()
      const { id } = await payer.stripe()
      await turn(world, 'deliveries', { action: 'drop', count: 100 })
      await world.stripe.subscriptions.update(id, { cancel_at_period_end: true })
      const [event] = (await world.stripe.events.list({ limit: 1 })).data
      const port = await anyFreePort()
      const start = () =>
        startApiProcess(world.database.url, port, {
          ...world.workerEnvironment,
          STRIPE_WEBHOOK_SECRET: world.webhookSecret,
        })
      const { payload, signature } = signed(world.webhookSecret, event!)
      const deliver = () =>
        fetch(`http://127.0.0.1:${port}${BASE_PATH}/webhooks/stripe`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'stripe-signature': signature },
          body: payload,
        })

      // The crash comes while the event is being stored: stored or not, Stripe redelivers.
      const first = await start()
      const interrupted = deliver().then(
        ({ status }) => status,
        () => 0,
      )
      await first.kill()
      expect([0, 200]).toContain(await interrupted)

      const second = await start()
      expect((await deliver()).status).toBe(200)
      await second.kill()
      const kept = await world.database.pool.query(
        'select from stripe_events where event_id = $1',
        [event!.id],
      )
      expect(kept.rowCount).toBe(1)
      await until(
        'it is observed',
        async () => (await payer.read()).cancel_at !== null,
        RECOVERY_MAX_MS,
      )
      expect(
        (await payer.timeline()).filter((kind) => kind === 'cancellation_scheduled'),
      ).toHaveLength(1)
      expect(await worker.stop()).toBe(0)
    },
    3 * RECOVERY_MAX_MS,
  )
})
