import { DAY } from '../billing/calendar.ts'
import { render, type Row } from '../objects/render.ts'
import { newId } from '../store/ids.ts'
import type { Step } from '../store/store.ts'
import type { TableName, Tables } from '../store/tables.ts'
import { API_VERSION } from '../http/version.ts'

/** How far back the Events API reaches. */
export const EVENTS_KEPT_FOR = 30 * DAY

type ObjectTable = {
  [Name in TableName]: Tables[Name] extends Row ? Name : never
}[TableName]

/** Records an event and queues a delivery to every subscribed endpoint. */
export function emit(step: Step, type: string, row: Row, previous?: object): void {
  forgetOld(step)
  const event = step.put('events', {
    id: newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: step.now,
    data: {
      object: render(step, row),
      ...(previous && { previous_attributes: previous }),
    },
    livemode: false,
    pending_webhooks: 0,
    request: step.request,
    type,
  })
  for (const endpoint of step.rows('webhookEndpoints')) {
    const listens = endpoint.enabled_events.some((enabled) => enabled === '*' || enabled === type)
    if (!listens || endpoint.status !== 'enabled') continue
    const id = `${event.id}/${endpoint.id}`
    step.put('deliveries', { id, event: event.id, endpoint: endpoint.id, attempts: 0 })
  }
}

/** Two deletions for each new event, so that long simulations do not accumulate events. */
function forgetOld(step: Step): void {
  // A test clock may be years ahead of the other events.
  if (step.testClock !== null) return
  for (let count = 0; count < 2; count += 1) {
    const oldest = step.oldest('events')
    if (oldest === undefined || oldest.created >= step.now - EVENTS_KEPT_FOR) return
    step.erase('events', oldest.id)
  }
}

/** Writes a changed row and emits one event, unless nothing changed. */
export function revise<Name extends ObjectTable, Whole extends Tables[Name] & Row>(
  step: Step,
  table: Name,
  change: { readonly row: Whole; readonly to: Partial<Whole>; readonly event: string | null },
): Whole {
  const before = render(step, change.row)
  const after = step.put(table, { ...change.row, ...change.to })
  if (change.event === null) return after
  const previous = difference(before, render(step, after))
  if (previous !== undefined) emit(step, change.event, after, previous)
  return after
}

/** The previous values of changed fields: sub-objects by field, arrays whole, as in an event. */
export function difference(before: object, after: object): object | undefined {
  const changed: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is]: unknown[] = [Reflect.get(before, name), Reflect.get(after, name)]
    if (isPlain(was) && isPlain(is)) {
      const inner = difference(was, is)
      if (inner !== undefined) changed[name] = inner
    } else if (JSON.stringify(was) !== JSON.stringify(is)) changed[name] = was ?? null
  }
  return Object.keys(changed).length === 0 ? undefined : changed
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
