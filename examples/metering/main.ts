// A web service that meters its requests. In a clone: npm start, then npx tsx examples/metering/main.ts
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createClient } from '@perennial/client'
import { metered } from './middleware.ts'

const billing = createClient({
  baseUrl: process.env['PERENNIAL_URL'] ?? 'http://localhost:3000',
  apiKey: process.env['PERENNIAL_API_KEY'] ?? 'bk_dev_app',
  // One message too many is better than none at all; served messages are counted later.
  whenUnreachable: 'open',
})
const userOf = (request: Request) => request.headers.get('x-user') ?? 'nobody'

const app = new Hono()
app.post('/subscribe', async (c) => {
  const { subscriptions } = billing.forUser(userOf(c.req.raw))
  return c.json(await subscriptions.checkout({ plan_id: 'plan_free' }))
})
app.post('/messages', metered(billing, 'messages_sent', userOf), (c) => c.json({ sent: true }))

const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 4000) }, ({ port }) =>
  console.log(`listening on ${port}`),
)
async function end(): Promise<void> {
  const left = await billing.close()
  if (left.size > 0) console.error('not counted yet:', JSON.stringify([...left]))
}
process.once('SIGTERM', () => server.close(() => void end()))
