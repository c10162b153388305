import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../support/receiver.ts'
import { subscribe } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

/** The dead worker's lease must end first. */
const CLAIMED_AGAIN_MS = 40_000
/** The documented latency, with a margin for two shared cores. */
const USUAL_MS = 5_000

let world: World
let receiver: Receiver
let endpoint: { id: string; secret: string }
beforeAll(async () => {
  world = await createWorld({ worker: false })
  receiver = await startReceiver()
  const { body } = await world.call('POST', '/admin/webhook-endpoints', {
    headers: { authorization: 'Bearer bk_dev_operator' },
    body: { url: receiver.url },
  })
  endpoint = body
})
afterAll(async () => {
  await receiver.close()
  await world.close()
})

test(
  'a worker that is killed over a delivery loses none, and the next one sends it under the same id',
  { timeout: 3 * CLAIMED_AGAIN_MS },
  async () => {
    const first = await startWorkerProcess(world)
    receiver.behaves(() => () => undefined)
    const who = await subscribe(world, 'plan_free')
    await until('it is being sent', async () => receiver.received.length === 1, USUAL_MS)
    await first.kill()
    receiver.behaves(() => 204)
    const second = await startWorkerProcess(world)
    await until(
      'every webhook is sent',
      async () => receiver.received.length === 3,
      CLAIMED_AGAIN_MS,
    )
    const received = receiver.received.map(({ id, body }) => [id, body.type])
    expect(received[1]).toEqual(received[0])
    expect(received.map(([, type]) => type)).toEqual([
      'subscription.created',
      'subscription.created',
      'subscription.activated',
    ])
    for (const each of receiver.received) {
      each.verify(endpoint.secret)
      expect(each.body.data.subscription_id).toBe(who.id)
    }
    // A running worker sends new webhooks immediately.
    const began = Date.now()
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await until('it is sent', async () => receiver.received.length === 4, USUAL_MS)
    console.info(`sent within ${Date.now() - began} ms of the request`)
    expect(receiver.received[3]!.body.type).toBe('subscription.canceled')
    expect(await second.stop()).toBe(0)
  },
)
