import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../../domain/stripe/event-repository.ts'
import { INVOICE_PREFIXES } from '../../../domain/stripe/event.ts'
import type { EventState } from '../../../domain/stripe/inbox.ts'
import type { Row } from '../tables/schema.ts'
import { errorText } from './error-text.ts'
import type { Operations } from './port.ts'
import type { Changes, Tables } from './tables.ts'

/** Patterns of `like`, for the types of events about invoices. */
const INVOICE_PATTERNS = INVOICE_PREFIXES.map((prefix) => `${prefix.replaceAll('_', '\\_')}%`)

/** Events of the inbox once they are stored; `createStripeEventIntake` stores them. */
export function createStripeEventRepository(
  tables: Tables,
  operations: Operations,
): Omit<StripeEventRepository, 'record' | 'recordMissing'> {
  const update = (event: StoredStripeEvent, changes: Changes<'stripe_events'>) =>
    tables.update('stripe_events', changes, {
      where: {
        account: event.account,
        livemode: event.livemode,
        event_id: event.eventId,
        // The event may be `done` already: the workflow can be quicker than the process that signalled it.
        state: ['received', 'forwarded'],
      },
    })
  const hasFact = (stripeSubscriptionId: string, states: readonly EventState[]) =>
    operations.value('has_stripe_fact', {
      p_stripe_subscription: stripeSubscriptionId,
      p_states: states,
      p_bills: INVOICE_PATTERNS,
    })

  return {
    async claimDue(queue, at, limit, leaseMs) {
      const rows = await operations.rows('claim_stripe_events', {
        p_is_bills: queue === 'invoices',
        p_bills: INVOICE_PATTERNS,
        p_now: at,
        p_until: new Date(at.getTime() + leaseMs),
        p_limit: limit,
      })
      return rows.map(storedEventFromRow)
    },

    hasUnappliedEvent: (id) => hasFact(id, ['received', 'forwarded']),
    hasParkedEvent: (id) => hasFact(id, ['parked']),

    markForwarded: (forwarded, subscriptionId) =>
      operations.run('forward_stripe_events', {
        p_subscription: subscriptionId,
        p_accounts: forwarded.map(({ event }) => event.account),
        p_livemodes: forwarded.map(({ event }) => event.livemode),
        p_events: forwarded.map(({ event }) => event.eventId),
        p_due_ats: forwarded.map(({ checkAgainAt }) => checkAgainAt),
      }),
    park: (event, reason) => update(event, { state: 'parked', reason }),
    postpone: (event, error, until) =>
      update(event, { last_error: errorText(error), due_at: until }),
  }
}

const storedEventFromRow = (row: Row<'stripe_events'>): StoredStripeEvent => ({
  account: row.account,
  livemode: row.livemode,
  eventId: row.event_id,
  type: row.type,
  objectIds: row.object_ids,
  attempts: row.attempts,
  traceparent: row.traceparent,
})
