import { expect } from 'vitest'
import { startReceiver, type Receiver } from './receiver.ts'
import type { Reply } from './call.ts'
import type { World } from './world.ts'

/** An application that is told of all that happens in a world, and an operator who looks after that. */
export type Application = {
  readonly receiver: Receiver
  /** Its endpoint, with the secret that was shown when it was made. */
  readonly endpoint: { readonly id: string; readonly secret: string }
  readonly operate: (method: string, path: string, body?: unknown, key?: string) => Promise<Reply>
  /** Sends what is due, as the worker does; answers how many attempts were made. */
  readonly deliver: (at?: Date) => Promise<number>
  /** The types that it was told, of one subscription or of all. */
  readonly typesOf: (id?: string) => string[]
  /** Deliveries as an operator finds them. */
  readonly deliveries: (query?: string) => Promise<any[]>
  /** Ends it: nobody listens any more. */
  readonly close: () => Promise<void>
}

export async function startApplication(world: World): Promise<Application> {
  const receiver = await startReceiver()
  const operate: Application['operate'] = (method, path, body, key) =>
    world.call(method, `/admin/${path}`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
      ...(body !== undefined && { body }),
      ...(key !== undefined && { key }),
    })
  const { status, body: endpoint } = await operate('POST', 'webhook-endpoints', {
    url: receiver.url,
  })
  expect(status).toBe(201)
  return {
    receiver,
    endpoint,
    operate,
    deliver: (at = world.clock.now()) => world.container.deliverWebhooks(at),
    typesOf: (id) =>
      receiver.received
        .filter(({ body }) => id === undefined || body.data.subscription_id === id)
        .map(({ body }) => body.type),
    deliveries: async (query = '') =>
      (await operate('GET', `webhook-deliveries?${query}`)).body.deliveries,
    close: async () => {
      await receiver.close()
      await world.database.pool.query('delete from webhook_endpoints')
      await world.database.pool.query('delete from webhook_events')
    },
  }
}
