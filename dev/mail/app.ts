import { Hono } from 'hono'
import { listPage, mailPage, PAGE_POLICY } from './page.ts'
import type { MailStore } from './store.ts'

/** A message may contain anything, so it runs without scripts, forms or an origin. Its links open in a new tab. */
const MESSAGE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** The pages and the JSON API of the mail inbox. */
export function createMailApp(store: MailStore): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('content-security-policy')) {
      c.header('content-security-policy', PAGE_POLICY)
    }
    c.header('cache-control', 'no-store')
  })
  app.get('/', (c) => c.html(listPage(store.list(), store.revision())))
  app.get('/messages/:id', (c) => {
    const mail = store.find(c.req.param('id'))
    return mail ? c.html(mailPage(mail)) : c.notFound()
  })
  app.get('/messages/:id/html', (c) => {
    const content = store.find(c.req.param('id'))?.html
    if (content === undefined || content === null) return c.notFound()
    c.header('content-security-policy', MESSAGE_POLICY)
    return c.html(`<base target="_blank">${content}`)
  })
  app.get('/api/messages', (c) => c.json({ messages: store.list({ to: c.req.query('to') }) }))
  app.get('/api/revision', (c) => c.json({ revision: store.revision() }))
  app.delete('/api/messages', async (c) => {
    await store.clear()
    return c.body(null, 204)
  })
  return app
}
