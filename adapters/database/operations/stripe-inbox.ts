import type { InboxEvent, StripeInboxRepository } from '../../../domain/stripe/inbox.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'

/** The inbox as operators see it, and events that they reprocess. */
export function createStripeInboxRepository(operations: Operations): StripeInboxRepository {
  return {
    async list({ state, type, reason, subscriptionId, stripeId }, { limit, after }) {
      const rows = await operations.rows('list_stripe_events', {
        p_state: state ?? null,
        p_type: type ?? null,
        p_reason: reason ?? null,
        p_subscription: subscriptionId ?? null,
        p_stripe_id: stripeId ?? null,
        p_after: after ?? null,
        p_limit: limit,
      })
      return rows.map(inboxEventFromRow)
    },

    async figures() {
      const [row] = await operations.rows('stripe_inbox_figures', {})
      if (row === undefined) throw new Error('stripe_inbox_figures returned no row')
      const { oldest_received_at: oldestReceivedAt, ...counts } = row
      return { ...counts, oldestReceivedAt }
    },

    async parkedByReason(limit) {
      const rows = await operations.rows('count_parked_events', { p_limit: limit })
      return rows.map((row) => ({
        reason: row.reason,
        count: row.many,
        newestReceivedAt: row.newest,
      }))
    },

    async receipts(eventIds) {
      const of = { p_events: eventIds }
      const rows = await operations.rows('list_stripe_event_receipts', of)
      return rows.map((row) => row.received_at)
    },

    async redrive(which, at, limit) {
      const byId = 'eventIds' in which
      const rows = await operations.rows('redrive_stripe_events', {
        p_events: byId ? which.eventIds : null,
        p_not_of: byId ? (which.notOf ?? null) : null,
        p_reason: byId ? null : which.reason,
        p_stripe_subscription: byId ? null : (which.stripeSubscriptionId ?? null),
        p_now: at,
        p_limit: limit,
      })
      return rows.map((row) => row.event_id)
    },
  }
}

const inboxEventFromRow = (row: Row<'stripe_events'>): InboxEvent => ({
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
