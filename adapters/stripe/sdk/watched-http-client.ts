import type Stripe from 'stripe'
import type { Telemetry } from '../../telemetry/telemetry.ts'

/** The fixed words in Stripe's paths. Every other part is an id, some of them chosen by a customer. */
const WORDS: ReadonlySet<string> = new Set(
  `v1 v2 core account accounts balance billing billing_portal checkout charges coupons credit_notes customers disputes events
  event_destinations invoiceitems invoices meter_event_summaries meter_events meters payment_intents payment_links
  payment_methods prices products promotion_codes refunds schedules search sessions setup_intents subscription_items
  subscription_schedules subscriptions test_clocks test_helpers webhook_endpoints
  advance attach cancel confirm create_preview deactivate detach expire finalize invoice_payments lines mark_uncollectible
  migrate pay reactivate release resume send tax_ids upcoming usage_record_summaries void deleted discount sources`
    .split(/\s+/)
    .filter(Boolean),
)

/** @returns a path with `{id}` for each id, and without its query */
export const templateOf = (path: string): string =>
  (path.split('?')[0] ?? '')
    .split('/')
    .map((part) => (part === '' || WORDS.has(part) ? part : '{id}'))
    .join('/')

/** Records the kind, outcome and duration of each request as a span and a metric. Ids and bodies are left out. */
export function withTelemetry(inner: Stripe.HttpClient, telemetry: Telemetry): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(host, port, path, method, ...rest) {
      const attributes = { 'http.request.method': method, 'url.template': templateOf(path) }
      const name = `Stripe ${method} ${attributes['url.template']}`
      const span = telemetry.startSpan({ name, kind: 'client', attributes })
      const started = performance.now()
      const record = (outcome: string, status?: number) => {
        const seconds = (performance.now() - started) / 1_000
        telemetry.measure('perennial.stripe.duration', seconds, {
          ...attributes,
          'perennial.outcome': outcome,
        })
        span.set({
          'perennial.outcome': outcome,
          ...(status !== undefined && { 'http.response.status_code': status }),
        })
        span.end(FAILURES.has(outcome) ? 'failed' : undefined)
      }
      try {
        const response = await span.within(() =>
          inner.makeRequest(host, port, path, method, ...rest),
        )
        record(outcomeOf(response.getStatusCode()), response.getStatusCode())
        return response
      } catch (error) {
        record('unreachable')
        throw error
      }
    },
  }
}

const FAILURES: ReadonlySet<string> = new Set(['rate_limited', 'failed', 'unreachable'])

function outcomeOf(status: number): string {
  if (status < 400) return 'ok'
  if (status === 402) return 'declined'
  if (status === 404) return 'missing'
  if (status === 429) return 'rate_limited'
  return status < 500 ? 'rejected' : 'failed'
}
