import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import type { Reply } from './call.ts'
import type { World } from './world.ts'

type Given = {
  readonly id?: string
  readonly type?: string
  readonly object?: object
  readonly livemode?: boolean
  readonly account?: string
  readonly requestKey?: string
}

/** An event with its object, as Stripe sends it. */
export const anEvent = (given: Given = {}) => ({
  id: given.id ?? `evt_${randomUUID()}`,
  object: 'event',
  api_version: Stripe.API_VERSION,
  created: 1_700_000_000,
  livemode: given.livemode ?? false,
  pending_webhooks: 1,
  request: given.requestKey ? { id: null, idempotency_key: given.requestKey } : null,
  type: given.type ?? 'product.updated',
  data: { object: given.object ?? { id: 'prod_x', object: 'product' } },
  ...(given.account && { account: given.account }),
})

/** A body as Stripe sends it, and its signature. */
export function signed(secret: string, event: object): { payload: string; signature: string } {
  const payload = JSON.stringify(event)
  return { payload, signature: Stripe.webhooks.generateTestHeaderString({ payload, secret }) }
}

/** Signs a body as Stripe does, and delivers it. */
export function deliver(world: World, event: object): Promise<Reply> {
  const { payload, signature } = signed(world.webhookSecret, event)
  return world.call('POST', '/webhooks/stripe', {
    body: payload,
    headers: { 'stripe-signature': signature, authorization: '' },
  })
}
