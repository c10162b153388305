import type { Kysely } from 'kysely'
import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../../domain/stripe/event-repository.ts'
import type { Operations } from '../operations/port.ts'
import { createStripeEventReads, EVENT_ERROR_MAX_CHARACTERS } from '../operations/stripe-events.ts'
import type { Database } from '../tables/schema.ts'

export function createStripeEventRepository(
  db: Kysely<Database>,
  operations: Operations,
): Omit<StripeEventRepository, 'record' | 'recordMissing'> {
  const update = (event: StoredStripeEvent) =>
    db
      .updateTable('stripe_events')
      .where('account', '=', event.account)
      .where('livemode', '=', event.livemode)
      .where('event_id', '=', event.eventId)
      // `done` may have come first: the workflow can be quicker than the process that signalled it.
      .where('state', 'in', ['received', 'forwarded'])

  return {
    ...createStripeEventReads(operations),

    async markForwarded(event, subscriptionId, checkAgainAt) {
      await update(event)
        .set({ state: 'forwarded', subscription_id: subscriptionId, due_at: checkAgainAt })
        .execute()
    },

    async park(event, reason) {
      await update(event).set({ state: 'parked', reason }).execute()
    },

    async postpone(event, error, until) {
      await update(event)
        .set({ last_error: error.slice(0, EVENT_ERROR_MAX_CHARACTERS), due_at: until })
        .execute()
    },
  }
}
