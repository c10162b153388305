import { serve } from '@hono/node-server'
import { runMigrations, StripeSync } from '@stripe/sync-engine'
import { Hono } from 'hono'
import { WEBHOOK_SECRET } from './setting.ts'

/**
 * Stripe's own engine stores the object of each event, as documented, then answers 200. Not TypeScript: its older SDK declares
 * global types, which would affect the whole project.
 */
const CONNECTIONS_MAX = 10
const databaseUrl = process.env['DATABASE_URL'] ?? ''
await runMigrations({ databaseUrl, openApiSpecPath: process.env['STRIPE_DOCUMENT'] ?? '' })
const sync = await StripeSync.create({
  poolConfig: { connectionString: databaseUrl, max: CONNECTIONS_MAX },
  stripeSecretKey: 'sk_test_bench',
  stripeAccountId: 'acct_bench',
  stripeWebhookSecret: WEBHOOK_SECRET,
})
const app = new Hono()
app.post('/', async (c) => {
  const body = Buffer.from(await c.req.arrayBuffer())
  await sync.webhook.processWebhook(body, c.req.header('stripe-signature'))
  return c.json({ received: true })
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) }, () =>
  console.log('ready'),
)
