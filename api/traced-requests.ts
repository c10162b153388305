import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'

/** Called with the template of the route that answers, such as `/api/v1/billing/subscriptions/:id`. */
export type Routed = (template: string) => void

/** A request that nothing takes has no template; its path is the caller's own words. */
const NO_ROUTE = 'none'
/** All others are counted as one: a method is the caller's own word, too. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** What nginx calls a caller who left before the answer. */
const LEFT_EARLY = 499

/** Answers a request as a span, and measures it until its answer was sent. */
export function answerTraced(
  telemetry: Telemetry,
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
  answer: (routed: Routed) => Promise<void>,
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
    const about = {
      'http.route': route,
      'http.response.status_code': outgoing.writableFinished ? outgoing.statusCode : LEFT_EARLY,
    }
    span.rename(`${method} ${route}`)
    span.set(about)
    span.end(outgoing.statusCode >= 500 ? 'failed' : undefined)
    const seconds = (performance.now() - started) / 1_000
    telemetry.measure('perennial.http.duration', seconds, {
      'http.request.method': method,
      ...about,
    })
  })
  return span.within(() =>
    answer((template) => {
      route = template
    }),
  )
}
