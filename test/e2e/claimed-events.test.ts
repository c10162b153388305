import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess } from '../support/api-process.ts'
import { pay } from '../support/checkout-page.ts'
import { unpaidCustomer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

/** The longest wait after a crash. */
const RECOVERY_MAX_MS = 60_000

let world: World
/** Accepts connections and never answers: a Temporal that hangs. */
let silence: Server
beforeAll(async () => {
  world = await createWorld()
  silence = createServer()
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  silence.close()
  await world.close()
})

test(
  'events that a killed process had claimed are forwarded by another one within a minute',
  async () => {
    const payer = await unpaidCustomer(world)
    // These webhooks go to the process that is killed while it handles them, not to the world's own API.
    const own = await world.stripe.webhookEndpoints.list()
    await world.stripe.webhookEndpoints.update(own.data[0]?.id ?? '', { disabled: true })
    const port = await anyFreePort()
    const { secret } = await world.stripe.webhookEndpoints.create({
      url: `http://127.0.0.1:${port}/api/v1/billing/webhooks/stripe`,
      enabled_events: ['customer.subscription.created'],
    })
    const api = await startApiProcess(world.database.url, port, {
      ...world.workerEnvironment,
      TEMPORAL_ADDRESS: `127.0.0.1:${(silence.address() as AddressInfo).port}`,
      STRIPE_WEBHOOK_SECRET: secret ?? '',
    })
    await pay((await payer.read()).checkout.url)
    await until('it has claimed an event', async () => (await claimed()).length > 0)
    await api.kill()
    const killedAt = performance.now()
    await until(
      'another one has forwarded the payment',
      async () => {
        await world.container.forwardStripeEvents(world.clock.now())
        return (await payer.read()).status === 'active'
      },
      RECOVERY_MAX_MS,
    )
    console.log(`recovered ${Math.round(performance.now() - killedAt)} ms after the kill`)
    await world.settled()
    expect(await payer.timeline()).toEqual(['checkout_opened', 'activated'])
  },
  3 * RECOVERY_MAX_MS,
)

const claimed = async () =>
  (
    await world.database.pool.query(
      `select from stripe_events where state = 'received' and attempts = 1`,
    )
  ).rows
