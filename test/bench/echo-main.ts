import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/** The minimum of an HTTP service of this kind: it reads JSON and answers JSON. */
const app = new Hono()
app.post('/', async (c) => c.json(await c.req.json()))
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) }, () =>
  console.log('ready'),
)
