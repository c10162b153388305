import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'

/** Sets the template of the route that answers, such as `/api/v1/billing/subscriptions/:id`. */
export type SetRoute = (template: string) => void

/** For a request without a route. Its path is not recorded, because callers could send any number of paths. */
const NO_ROUTE = 'none'
/** Other methods are recorded as `_OTHER`, because callers could send any word. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** nginx's status for a client that disconnected before the response. */
const CLIENT_CLOSED_REQUEST = 499

/** Answers a request inside a span, and measures its duration until the response was sent. */
export function answerTraced(
  telemetry: Telemetry,
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
  answer: (setRoute: SetRoute) => Promise<void>,
): Promise<void> {
  const { method: given = '', headers } = incoming
  const method = METHODS.has(given) ? given : '_OTHER'
  const span = telemetry.startSpan({
    name: method,
    kind: 'server',
    parent: typeof headers['traceparent'] === 'string' ? headers['traceparent'] : null,
    attributes: { 'http.request.method': method },
  })
  const started = performance.now()
  let route = NO_ROUTE
  outgoing.once('close', () => {
    const status = outgoing.writableFinished ? outgoing.statusCode : CLIENT_CLOSED_REQUEST
    const attributes = { 'http.route': route, 'http.response.status_code': status }
    span.rename(`${method} ${route}`)
    span.set(attributes)
    span.end(outgoing.statusCode >= 500 ? 'failed' : undefined)
    const seconds = (performance.now() - started) / 1_000
    telemetry.measure('perennial.http.duration', seconds, {
      'http.request.method': method,
      ...attributes,
    })
  })
  return span.within(() =>
    answer((template) => {
      route = template
    }),
  )
}
