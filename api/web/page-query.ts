import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'

/** The query parameters of each page. A page that is not listed has none. */
const PARAMETERS: readonly (readonly [page: RegExp, names: readonly string[]])[] = [
  [/^\/console\/sign-in$/, ['ended', 'next']],
  [/^\/console\/subscriptions$/, ['q', 'status', 'plan', 'after']],
  [/^\/console\/subscriptions\.csv$/, ['q', 'status', 'plan']],
  [/^\/console\/subscriptions\/[^/]+$/, ['done', 'feature']],
  [/^\/console\/invoices\/[^/]+$/, ['done']],
  [/^\/console\/inbox$/, ['state', 'after', 'reason', 'again']],
  [/^\/console\/exports\/(invoices|usage)\.csv$/, ['from', 'to']],
  [/^\/console\/drift$/, ['state', 'after', 'done']],
  [/^\/console\/migrations$/, ['done']],
  [/^\/console\/migrations\/new$/, ['plan']],
  [/^\/console\/catalogue(\/[^/]+)?$/, ['done', 'from']],
  [/^\/console\/webhooks$/, ['done']],
  [/^\/console\/webhooks\/deliveries$/, ['state', 'after', 'endpoint', 'again']],
  [/^\/console\/api-keys$/, ['done']],
  [/^\/pricing$/, ['locale', 'period', 'currency']],
  [/^\/account$/, ['locale', 'signed', 'done', 'looks']],
  [/^\/account\//, ['locale', 'signed', 'done']],
]

/** Refuses a page with an unknown query parameter: a filter with a typing error would show everything. */
export const knownPageQuery = createMiddleware<ApiEnvironment>(async (c, next) => {
  const at = c.req.url.indexOf('?')
  if (at < 0) return next()
  const [, names = []] = PARAMETERS.find(([page]) => page.test(c.req.path)) ?? []
  const unknown = [...new URLSearchParams(c.req.url.slice(at)).keys()].filter(
    (name) => !names.includes(name),
  )
  if (unknown.length === 0) return next()
  return c.text(
    `Unknown query parameter: ${unknown.join(', ')}. This page has ${names.join(', ') || 'none'}.`,
    422,
  )
})
