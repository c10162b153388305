import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import type pg from 'pg'
import { BASE_PATH } from '../../api/app.ts'
import { createPool } from '../../adapters/database/postgres/pool.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import type { Billing } from './billing.ts'
import { startApi } from './processes.ts'

/** Parallel buyers. */
const AT_ONCE = 20
const ACTIVE_TIMEOUT_MS = 120_000

/** Runs `count` calls with this many parallel callers. */
export async function atOnce(
  callers: number,
  count: number,
  one: () => Promise<unknown>,
): Promise<void> {
  let left = count
  const caller = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

/** The API with Stripe's webhooks, and buyers who pay. */
export type Shop = {
  /** The address of the API's calls, without a trailing slash. */
  readonly url: string
  readonly webhookSecret: string
  readonly pool: pg.Pool
  /** Buys this many paid plans, and resolves when all are active. */
  readonly sell: (count: number) => Promise<void>
  /** Opens a checkout of a paid plan for a user, and pays. */
  readonly buy: (user?: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts the API. `given` are further variables of its environment. */
export async function openShop(
  { apiEnvironment, databaseUrl, simulatorUrl }: Billing,
  given: Readonly<Record<string, string>> = {},
): Promise<Shop> {
  const port = await anyFreePort()
  const url = `http://127.0.0.1:${port}${BASE_PATH}`
  const { hostname, port: stripePort } = new URL(simulatorUrl)
  const stripe = new Stripe('sk_test_bench', { host: hostname, port: stripePort, protocol: 'http' })
  const { secret: webhookSecret = '' } = await stripe.webhookEndpoints.create({
    url: `${url}/webhooks/stripe`,
    enabled_events: ['*'],
  })
  const api = await startApi(databaseUrl, {
    ...apiEnvironment,
    PORT: String(port),
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    ...given,
  })
  const pool = createPool({
    databaseUrl,
    applicationName: 'bench',
    connectionsMax: 2,
    onError: (error) => console.error(error),
  })
  const bought = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: string }>(
      `select count(*) from subscriptions where status = 'active' and stripe_subscription_id is not null`,
    )
    return Number(rows[0]?.count)
  }
  const buy = (user?: string) => buyAt(url, user)
  return {
    url,
    webhookSecret,
    pool,
    buy,
    sell: async (count) => {
      const wanted = (await bought()) + count
      await atOnce(AT_ONCE, count, () => buy())
      await until('all are active', async () => (await bought()) >= wanted, ACTIVE_TIMEOUT_MS)
    },
    close: async () => {
      await pool.end()
      await api.stop()
    },
  }
}

async function buyAt(url: string, user = `buyer-${randomUUID()}`): Promise<void> {
  const headers = {
    authorization: 'Bearer bk_dev_app',
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
    'x-user-id': user,
  }
  const body = JSON.stringify({ plan_id: 'plan_pro_monthly' })
  const ask = () => fetch(`${url}/subscriptions/checkout`, { method: 'POST', headers, body })
  let answer = await ask()
  // A busy machine answers late: repeating the request returns the answer.
  while (answer.status === 503) answer = await ask()
  const { checkout_url } = (await answer.json()) as { readonly checkout_url?: string }
  if (checkout_url === undefined) throw new Error(`no checkout: ${answer.status}`)
  await pay(checkout_url)
}
