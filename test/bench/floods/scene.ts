import { createServer } from 'node:net'
import { randomUUID } from 'node:crypto'
import { until } from '../../support/until.ts'
import { startReceiver, type Receiver } from '../../support/receiver.ts'
import { startBilling, type Billing } from '../billing.ts'
import { openShop, type Shop } from '../shop.ts'
import type { Request } from './flooding.ts'

/** A customer with a paid subscription. */
export type Buyer = { readonly user: string; readonly id: string; readonly stripeId: string }

/** The whole service, a customer who floods it, another one, and servers that accept connections and never answer. */
export type Scene = {
  readonly shop: Shop
  readonly flooder: Buyer
  readonly other: Buyer
  /** An application's endpoint that answers. */
  readonly healthy: Receiver
  /** A call of the API, for `flood`. */
  readonly requestOf: (method: string, path: string, given: Given) => Request
  /** Calls the API. @returns the status */
  readonly call: (method: string, path: string, given?: Given) => Promise<number>
  readonly close: () => Promise<void>
}
type Given = {
  readonly user?: string
  readonly body?: object | string
  readonly isOperator?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** Requests a second to Stripe for the API alone, so that its pace is a resource of its own. */
const REQUESTS_PER_SECOND = '100'
const WEBHOOK_SECRET_KEYS = `bench=${Buffer.alloc(32, 'a key of the bench').toString('base64')}`

export async function openScene(): Promise<Scene> {
  const silence = createServer(() => undefined)
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve))
  const address = silence.address()
  if (address === null || typeof address === 'string')
    throw new Error('the mail server has no port')
  const billing = await startBilling({
    SMTP_URL: `smtp://127.0.0.1:${address.port}`,
    WEBHOOK_SECRET_KEYS,
  })
  const shop = await openShop(billing, {
    STRIPE_REQUESTS_PER_SECOND: REQUESTS_PER_SECOND,
    WEBHOOK_SECRET_KEYS,
  })
  const requestOf: Scene['requestOf'] = (method, path, { user, body, isOperator, headers }) => ({
    method,
    url: `${shop.url}${path}`,
    headers: {
      authorization: `Bearer ${isOperator === true ? 'bk_dev_operator' : 'bk_dev_app'}`,
      ...(user !== undefined && { 'x-user-id': user }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const call: Scene['call'] = async (method, path, given = {}) => {
    const { url, ...request } = requestOf(method, path, given)
    const response = await fetch(url, request)
    await response.arrayBuffer()
    return response.status
  }
  const [flooder, other] = [await buyerOf(shop), await buyerOf(shop)]
  const healthy = await startReceiver()
  return {
    shop,
    flooder,
    other,
    healthy,
    requestOf,
    call,
    close: async () => {
      await shop.close()
      await closeAll(billing, healthy)
      silence.close()
    },
  }
}

const closeAll = (billing: Billing, healthy: Receiver) =>
  Promise.all([billing.close(), healthy.close()])

async function buyerOf(shop: Shop): Promise<Buyer> {
  const user = `buyer-${randomUUID()}`
  await shop.buy(user)
  let buyer: Buyer | undefined
  await until('the purchase is active', async () => {
    const { rows } = await shop.pool.query<Buyer>(
      `select user_id as user, id, stripe_subscription_id as "stripeId" from subscriptions
       where user_id = $1 and status = 'active'`,
      [user],
    )
    buyer = rows[0]
    return buyer !== undefined
  })
  return buyer!
}
