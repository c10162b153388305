import { expect } from 'vitest'
import { startReceiver, type Receiver } from './receiver.ts'
import type { Reply } from './call.ts'
import type { World } from './world.ts'

/** An application that receives all webhooks of a world, and an operator who manages its endpoint. */
export type Application = {
  readonly receiver: Receiver
  /** The endpoint, with the secret that was shown on creation. */
  readonly endpoint: { readonly id: string; readonly secret: string }
  readonly operate: (method: string, path: string, body?: unknown, key?: string) => Promise<Reply>
  /** Sends due deliveries, as the worker does; returns the number of attempts. */
  readonly deliver: (at?: Date) => Promise<number>
  /** Types of the received webhooks, of one subscription or of all. */
  readonly typesOf: (id?: string) => string[]
  /** Deliveries as the admin API lists them. */
  readonly deliveries: (query?: string) => Promise<any[]>
  /** Closes the server. */
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
