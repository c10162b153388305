import type { ClaimedDelivery } from '../../domain/webhook/repository.ts'
import type { Telemetry } from './telemetry.ts'

/** The outcome of one attempt. `failed` is retried. */
export type DeliveryOutcome = {
  readonly outcome: 'delivered' | 'failed' | 'given_up'
  /** Null without a response. */
  readonly status: number | null
}

/** Runs one attempt in the trace of the change that the webhook reports, and records its outcome and duration. */
export async function traceDelivery(
  telemetry: Telemetry | undefined,
  { event, attempts }: ClaimedDelivery,
  attempt: () => Promise<DeliveryOutcome>,
): Promise<void> {
  if (telemetry === undefined) return void (await attempt())
  const started = performance.now()
  const span = telemetry.startSpan({
    name: `webhook ${event.type}`,
    kind: 'client',
    parent: event.traceparent,
    // Without the URL, because it may contain a key.
    attributes: { 'http.request.method': 'POST', 'perennial.attempt': attempts },
  })
  try {
    const { outcome, status } = await span.within(attempt)
    span.set({
      'perennial.outcome': outcome,
      ...(status !== null && { 'http.response.status_code': status }),
    })
    span.end(outcome === 'delivered' ? undefined : 'failed')
    const attributes = { 'perennial.outcome': outcome }
    telemetry.measure(
      'perennial.delivery.duration',
      (performance.now() - started) / 1_000,
      attributes,
    )
  } catch (error) {
    span.end('failed')
    throw error
  }
}
