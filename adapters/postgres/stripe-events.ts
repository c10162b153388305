import { sql, type Kysely } from 'kysely'
import type { StoredStripeEvent, StripeEventRepository } from '../../domain/repositories.ts'
import { BILL_PREFIXES, type Lane } from '../../domain/stripe-event.ts'
import type { EventState, IncomingStripeEvent } from '../../domain/stripe-inbox.ts'
import type { Database } from './schema.ts'

/** An error message is for an operator's eye; more than this is a page of noise. */
const ERROR_MAX_CHARACTERS = 500

const BILLS = BILL_PREFIXES.map((prefix) => `${prefix.replaceAll('_', '\\_')}%`)

const isOf = (lane: Lane) =>
  lane === 'bills'
    ? sql<boolean>`type like any(${BILLS})`
    : sql<boolean>`type not like all(${BILLS})`

export function createStripeEventRepository(db: Kysely<Database>): StripeEventRepository {
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
      .values(events.map(rowOf))
      .onConflict((conflict) => conflict.doNothing())
      .returning('event_id')
      .execute()
    return inserted.length
  }

  async function hasFact(stripeSubscriptionId: string, states: EventState[]): Promise<boolean> {
    const found = await db
      .selectFrom('stripe_events')
      .select('event_id')
      .where('state', 'in', states)
      .where(sql`object_ids ->> 'stripeSubscriptionId'`, '=', stripeSubscriptionId)
      .where(isOf('facts'))
      .limit(1)
      .executeTakeFirst()
    return found !== undefined
  }

  return {
    async record(event) {
      return (await insert([event])) === 0 ? 'repeated' : 'recorded'
    },

    recordMissing: insert,

    async claimDue(lane, at, limit, leaseMs) {
      const rows = await db
        .updateTable('stripe_events')
        .set((eb) => ({
          attempts: eb('attempts', '+', 1),
          due_at: new Date(at.getTime() + leaseMs),
        }))
        .where(
          sql<boolean>`(account, livemode, event_id) in (
            select account, livemode, event_id from stripe_events
            where state in ('received', 'forwarded') and due_at <= ${at} and ${isOf(lane)}
            order by due_at limit ${limit} for update skip locked)`,
        )
        .returning(['account', 'livemode', 'event_id', 'type', 'object_ids', 'attempts'])
        .execute()
      return rows.map((row) => ({
        account: row.account,
        livemode: row.livemode,
        eventId: row.event_id,
        type: row.type,
        objectIds: row.object_ids,
        attempts: row.attempts,
      }))
    },

    isFactUnderWay: (id) => hasFact(id, ['received', 'forwarded']),

    isLeftOut: (id) => hasFact(id, ['parked']),

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
        .set({ last_error: error.slice(0, ERROR_MAX_CHARACTERS), due_at: until })
        .execute()
    },
  }
}

const rowOf = ({ verdict, ...event }: IncomingStripeEvent) => ({
  account: event.account,
  livemode: event.livemode,
  event_id: event.eventId,
  type: event.type,
  api_version: event.apiVersion,
  created_at: event.createdAt,
  received_at: event.receivedAt,
  object_ids: JSON.stringify(event.objectIds),
  payload: event.payload === null ? null : JSON.stringify(event.payload),
  due_at: event.receivedAt,
  state: verdict.state,
  reason: 'reason' in verdict ? verdict.reason : null,
})
