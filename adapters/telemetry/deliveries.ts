import type { ClaimedDelivery } from '../../domain/webhook/repository.ts'
import type { Telemetry } from './telemetry.ts'

/** What came of one attempt. `failed` is tried again. */
export type Sent = {
  readonly outcome: 'delivered' | 'failed' | 'given_up'
  /** Null when no answer came. */
  readonly status: number | null
}

/** Sends a webhook in the trace of what it tells, however much later that is, and tells what came of it. */
export async function watchDelivery(
  telemetry: Telemetry | undefined,
  { event, attempts }: ClaimedDelivery,
  attempt: () => Promise<Sent>,
): Promise<void> {
  if (telemetry === undefined) return void (await attempt())
  const began = performance.now()
  const span = telemetry.begin({
    name: `webhook ${event.type}`,
    kind: 'client',
    parent: event.traceparent,
    // Not the address: whoever named it may have put a key in.
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
      (performance.now() - began) / 1_000,
      attributes,
    )
  } catch (error) {
    span.end('failed')
    throw error
  }
}
