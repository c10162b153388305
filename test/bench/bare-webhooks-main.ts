import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import Stripe from 'stripe'
import { WEBHOOK_SECRET } from './setting.ts'

/** The minimum of a webhook receiver: it verifies the signature. */
const app = new Hono()
app.post('/', async (c) => {
  const body = Buffer.from(await c.req.arrayBuffer())
  const { id } = Stripe.webhooks.constructEvent(
    body,
    c.req.header('stripe-signature') ?? '',
    WEBHOOK_SECRET,
  )
  return c.json({ received: id })
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) }, () =>
  console.log('ready'),
)
