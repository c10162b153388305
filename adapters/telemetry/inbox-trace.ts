import type { StoredStripeEvent } from '../../domain/stripe/event-repository.ts'
import type { InboxQueue } from '../../domain/stripe/event.ts'
import { inSpan, type Telemetry } from './telemetry.ts'

/**
 * Runs work for events of the inbox in the trace of the webhook that brought the first one, with links to the others. The
 * work may run later, in another process.
 */
export function inInboxSpan<T>(
  telemetry: Telemetry | undefined,
  { queue, events }: { readonly queue: InboxQueue; readonly events: readonly StoredStripeEvent[] },
  run: () => Promise<T>,
): Promise<T> {
  const [parent = null, ...links] = new Set(
    events.map(({ traceparent }) => traceparent).filter((each) => each !== null),
  )
  const attributes = { 'perennial.queue': queue, 'perennial.events': events.length }
  return inSpan(telemetry, { name: `inbox ${queue}`, parent, links, attributes }, run)
}
