import type { Kysely } from 'kysely'
import type { StoredStripeEvent, StripeEventRepository } from '../../domain/repositories.ts'
import type { IncomingStripeEvent } from '../../domain/stripe-inbox.ts'
import type { Operations } from '../operations/port.ts'
import {
  createStripeEventReads,
  EVENT_ERROR_MAX_CHARACTERS,
  stripeEventRow,
} from '../operations/stripe-events.ts'
import type { Database } from './schema.ts'

export function createStripeEventRepository(
  db: Kysely<Database>,
  operations: Operations,
): StripeEventRepository {
  const update = (event: StoredStripeEvent) =>
    db
      .updateTable('stripe_events')
      .where('account', '=', event.account)
      .where('livemode', '=', event.livemode)
      .where('event_id', '=', event.eventId)
      // `done` may have come first: the workflow can be quicker than the process that signalled it.
      .where('state', 'in', ['received', 'forwarded'])

  async function insert(events: readonly IncomingStripeEvent[]): Promise<number> {
    if (events.length === 0) return 0
    const inserted = await db
      .insertInto('stripe_events')
      .values(
        events.map(stripeEventRow).map(({ object_ids, payload, ...row }) => ({
          ...row,
          object_ids: JSON.stringify(object_ids),
          payload: payload === null ? null : JSON.stringify(payload),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('event_id')
      .execute()
    return inserted.length
  }

  return {
    async record(event) {
      return (await insert([event])) === 0 ? 'repeated' : 'recorded'
    },

    recordMissing: insert,

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
