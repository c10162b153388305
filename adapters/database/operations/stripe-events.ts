import type { StripeEventRepository } from '../../../domain/stripe/event-repository.ts'
import { INVOICE_PREFIXES } from '../../../domain/stripe/event.ts'
import type { EventState } from '../../../domain/stripe/inbox.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'

/** An error message is for an operator's eye; more than this is a page of noise. */
export const EVENT_ERROR_MAX_CHARACTERS = 500

const INVOICES = INVOICE_PREFIXES.map((prefix) => `${prefix.replaceAll('_', '\\_')}%`)

/** Who takes events of the inbox, and what is still to come of a subscription. */
export function createStripeEventReads(
  operations: Operations,
): Pick<StripeEventRepository, 'claimDue' | 'isFactUnderWay' | 'isLeftOut'> {
  const hasFact = async (stripeSubscriptionId: string, states: readonly EventState[]) =>
    (await operations.value<boolean>('has_stripe_fact', {
      p_stripe_subscription: stripeSubscriptionId,
      p_states: states,
      p_bills: INVOICES,
    })) === true

  return {
    async claimDue(slot, at, limit, leaseMs) {
      const rows = await operations.rows<Row<'stripe_events'>>('claim_stripe_events', {
        p_is_bills: slot === 'bills',
        p_bills: INVOICES,
        p_now: at,
        p_until: new Date(at.getTime() + leaseMs),
        p_limit: limit,
      })
      return rows.map((row) => ({
        account: row.account,
        livemode: row.livemode,
        eventId: row.event_id,
        type: row.type,
        objectIds: row.object_ids,
        attempts: row.attempts,
        traceparent: row.traceparent,
      }))
    },

    isFactUnderWay: (id) => hasFact(id, ['received', 'forwarded']),

    isLeftOut: (id) => hasFact(id, ['parked']),
  }
}
