import { sql, type Kysely, type Selectable } from 'kysely'
import type { EventState, InboxEvent, StripeInboxRepository } from '../../domain/stripe-inbox.ts'
import type { Database, StripeEventsTable } from './schema.ts'

/** Where the ids of Stripe's objects are kept. */
const ID_FIELDS = [
  'objectId',
  'customerId',
  'stripeSubscriptionId',
  'sessionId',
  'invoiceId',
  'paymentIntentId',
] as const

/** What an operator sees of the inbox, and has told once more. */
export function createStripeInboxRepository(db: Kysely<Database>): StripeInboxRepository {
  return {
    async list({ state, type, reason, subscriptionId, stripeId }, { limit, after }) {
      const rows = await db
        .selectFrom('stripe_events')
        .selectAll()
        .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'received'))
        .$if(type !== undefined, (query) => query.where('type', '=', type ?? ''))
        .$if(reason !== undefined, (query) => query.where('reason', '=', reason ?? ''))
        .$if(subscriptionId !== undefined, (query) =>
          query.where('subscription_id', '=', subscriptionId ?? ''),
        )
        .$if(stripeId !== undefined, (query) =>
          query.where((eb) =>
            eb.or(ID_FIELDS.map((field) => sql<boolean>`object_ids ->> ${field} = ${stripeId}`)),
          ),
        )
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(received_at, event_id) <
              (select received_at, event_id from stripe_events where event_id = ${after} limit 1)`,
          ),
        )
        .orderBy('received_at', 'desc')
        .orderBy('event_id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(inboxEventFromRow)
    },

    async figures() {
      const [waiting, parked] = await Promise.all([
        db
          .selectFrom('stripe_events')
          .select((eb) => ['state', eb.fn.countAll<string>().as('count')])
          .select((eb) => eb.fn.min('received_at').as('oldest'))
          .where('state', 'in', ['received', 'forwarded'])
          .groupBy('state')
          .execute(),
        db
          .selectFrom('stripe_events')
          .select((eb) => eb.fn.countAll<string>().as('count'))
          .where('state', '=', 'parked')
          .executeTakeFirstOrThrow(),
      ])
      const of = (state: EventState) =>
        Number(waiting.find((row) => row.state === state)?.count ?? 0)
      const oldest = waiting.map((row) => row.oldest.getTime())
      return {
        received: of('received'),
        forwarded: of('forwarded'),
        parked: Number(parked.count),
        oldestReceivedAt: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
      }
    },

    async redrive(which, at, limit) {
      const rows = await db
        .updateTable('stripe_events')
        .set({ state: 'received', reason: null, attempts: 0, due_at: at })
        .where(
          sql<boolean>`(account, livemode, event_id) in (
            select account, livemode, event_id from stripe_events
            where state in ('parked', 'done') and ${isAmong(which)} order by received_at limit ${limit} for update skip locked)`,
        )
        .returning('event_id')
        .execute()
      return rows.map((row) => row.event_id)
    },
  }
}

function isAmong(which: Parameters<StripeInboxRepository['redrive']>[0]) {
  if ('eventIds' in which) {
    const { eventIds, notOf } = which
    const ofOthers =
      notOf === undefined ? sql`` : sql`and object_ids ->> 'stripeSubscriptionId' <> ${notOf}`
    return sql`event_id = any(${eventIds}) ${ofOthers}`
  }
  const { reason, stripeSubscriptionId: id } = which
  const ofOne = id === undefined ? sql`` : sql`and object_ids ->> 'stripeSubscriptionId' = ${id}`
  return sql`state = 'parked' and reason = ${reason} ${ofOne}`
}

const inboxEventFromRow = (row: Selectable<StripeEventsTable>): InboxEvent => ({
  account: row.account,
  livemode: row.livemode,
  eventId: row.event_id,
  type: row.type,
  objectIds: row.object_ids,
  createdAt: row.created_at,
  receivedAt: row.received_at,
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  dueAt: row.due_at,
  lastError: row.last_error,
  subscriptionId: row.subscription_id,
})
