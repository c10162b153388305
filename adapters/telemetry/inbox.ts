import type { StoredStripeEvent } from '../../domain/stripe/event-repository.ts'
import type { InboxQueue } from '../../domain/stripe/event.ts'
import type { Telemetry } from './telemetry.ts'

/**
 * Does something on behalf of events of the inbox: in the trace of the webhook that brought the first of them, with links to
 * those of the others. Whoever takes events up may be another process, later.
 */
export function onBehalfOf<T>(
  telemetry: Telemetry | undefined,
  { lane, events }: { readonly lane: InboxQueue; readonly events: readonly StoredStripeEvent[] },
  run: () => Promise<T>,
): Promise<T> {
  if (telemetry === undefined) return run()
  const [parent = null, ...links] = new Set(
    events.map(({ traceparent }) => traceparent).filter((each) => each !== null),
  )
  const attributes = { 'perennial.lane': lane, 'perennial.events': events.length }
  return telemetry.span({ name: `inbox ${lane}`, parent, links, attributes }, run)
}
