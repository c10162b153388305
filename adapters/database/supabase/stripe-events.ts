import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../../domain/stripe/event-repository.ts'
import type { Operations } from '../operations/port.ts'
import { createStripeEventReads, EVENT_ERROR_MAX_CHARACTERS } from '../operations/stripe-events.ts'
import type { Tables } from './rows.ts'

export function createStripeEventRepository(
  tables: Tables,
  operations: Operations,
): Omit<StripeEventRepository, 'record' | 'recordMissing'> {
  const update = (event: StoredStripeEvent, values: object) =>
    tables.write('stripe_events', (from) =>
      from
        .update(values)
        .eq('account', event.account)
        .eq('livemode', event.livemode)
        .eq('event_id', event.eventId)
        // `done` may have come first: the workflow can be quicker than the process that signalled it.
        .in('state', ['received', 'forwarded']),
    )

  return {
    ...createStripeEventReads(operations),

    markForwarded: (event, subscriptionId, checkAgainAt) =>
      update(event, {
        state: 'forwarded',
        subscription_id: subscriptionId,
        due_at: checkAgainAt,
      }),

    park: (event, reason) => update(event, { state: 'parked', reason }),

    postpone: (event, error, until) =>
      update(event, { last_error: error.slice(0, EVENT_ERROR_MAX_CHARACTERS), due_at: until }),
  }
}
