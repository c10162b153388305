import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import Stripe from 'stripe'
import { BASE_PATH } from '../../../api/app.ts'
import { createPool } from '../../../adapters/database/postgres/pool.ts'
import { anyFreePort } from '../../../dev/ports.ts'
import { pay } from '../../support/checkout-page.ts'
import { until } from '../../support/until.ts'
import { bare, open, paid } from '../bare-workflow.ts'
import { startBilling, type Billing } from '../billing.ts'
import { ratio } from '../budgets.ts'
import { startApi, startBareWorker } from '../processes.ts'
import { inRounds, mediansOf, type Section } from '../section.ts'

const ROUNDS = 3
/** Purchases of one round, and parallel buyers. */
const PURCHASES = 100
const AT_ONCE = 20
const ACTIVE_TIMEOUT_MS = 120_000

/** Time from the purchase's call to the active subscription, relative to Temporal's bare messages for it. */
export const checkouts: Section = {
  name: 'checkouts',
  async measure() {
    const billing = await startBilling()
    const shop = await openShop(billing)
    const taskQueue = `bare-${randomUUID()}`
    const bareWorker = await startBareWorker(billing.temporalAddress, taskQueue)
    try {
      await shop.sell(AT_ONCE)
      await barely(billing, taskQueue, AT_ONCE)
      const rounds = await inRounds('checkouts', ROUNDS, async () => ({
        bare: await perSecond(() => barely(billing, taskQueue, PURCHASES)),
        free: await perSecond(() => billing.start(PURCHASES)),
        sold: await perSecond(() => shop.sell(PURCHASES)),
      }))
      const of = mediansOf(rounds)
      return {
        figures: [
          { name: 'bare workflow: update, signal, two activities', value: of('bare'), unit: '/s' },
          { name: 'free plans begun', value: of('free'), unit: '/s' },
          {
            name: 'plans bought: page, payment, webhook, active',
            value: of('sold'),
            unit: '/s',
          },
        ],
        budgets: [
          ratio('checkouts activated, free plan, to a bare workflow', of('free'), of('bare'), 0.7),
          ratio('checkouts activated, paid plan, to a bare workflow', of('sold'), of('bare'), 0.7),
        ],
        rounds,
      }
    } finally {
      await Promise.all([bareWorker.stop(), shop.close()])
      await billing.close()
    }
  },
}

async function perSecond(run: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await run()
  return (PURCHASES / (performance.now() - began)) * 1_000
}

/** Runs the calls with this many parallel callers, until all are done. */
async function atOnce(count: number, one: () => Promise<void>): Promise<void> {
  let left = count
  const caller = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
}

const barely = ({ container }: Billing, taskQueue: string, count: number) =>
  atOnce(count, async () => {
    const { workflow } = container.temporal.client
    const workflowId = randomUUID()
    const startWorkflowOperation = new WithStartWorkflowOperation(bare, {
      workflowId,
      taskQueue,
      workflowIdConflictPolicy: 'FAIL',
    })
    await workflow.executeUpdateWithStart(open, { startWorkflowOperation })
    const handle = workflow.getHandle(workflowId)
    await handle.signal(paid)
    await handle.result()
  })

/** The API with Stripe's webhooks, and buyers who pay. */
async function openShop({ apiEnvironment, databaseUrl, simulatorUrl }: Billing) {
  const port = await anyFreePort()
  const { hostname, port: stripePort } = new URL(simulatorUrl)
  const stripe = new Stripe('sk_test_bench', { host: hostname, port: stripePort, protocol: 'http' })
  const { secret } = await stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${port}${BASE_PATH}/webhooks/stripe`,
    enabled_events: ['*'],
  })
  const api = await startApi(databaseUrl, {
    ...apiEnvironment,
    PORT: String(port),
    STRIPE_WEBHOOK_SECRET: secret ?? '',
  })
  const pool = createPool({
    databaseUrl,
    applicationName: 'bench',
    connectionsMax: 1,
    onError: (error) => console.error(error),
  })
  const bought = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: string }>(
      `select count(*) from subscriptions where status = 'active' and stripe_subscription_id is not null`,
    )
    return Number(rows[0]?.count)
  }
  const buy = async () => {
    const headers = {
      authorization: 'Bearer bk_dev_app',
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'x-user-id': `buyer-${randomUUID()}`,
    }
    const ask = () =>
      fetch(`http://127.0.0.1:${port}${BASE_PATH}/subscriptions/checkout`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ plan_id: 'plan_pro_monthly' }),
      })
    let answer = await ask()
    // A busy machine answers late: repeating the request returns the answer.
    while (answer.status === 503) answer = await ask()
    const { checkout_url } = (await answer.json()) as { readonly checkout_url?: string }
    if (checkout_url === undefined) throw new Error(`no checkout: ${answer.status}`)
    await pay(checkout_url)
  }
  return {
    sell: async (count: number) => {
      const wanted = (await bought()) + count
      await atOnce(count, buy)
      await until('all are active', async () => (await bought()) >= wanted, ACTIVE_TIMEOUT_MS)
    },
    close: async () => {
      await pool.end()
      await api.stop()
    },
  }
}
