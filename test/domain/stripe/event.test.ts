import { describe, expect, test } from 'vitest'
import { inboxQueueOf, reasonToPark } from '../../../domain/stripe/event.ts'

const UNKNOWN = 'its type is not known here'

/** Types about subscriptions: `<prefix>` and its endings. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  'checkout.session.': ['completed', 'async_payment_succeeded', 'async_payment_failed', 'expired'],
  'customer.subscription.': [
    'created',
    'updated',
    'deleted',
    'paused',
    'resumed',
    'pending_update_applied',
    'pending_update_expired',
    'trial_will_end',
  ],
  'customer.': ['deleted', 'updated'],
  'subscription_schedule.': [
    'created',
    'updated',
    'released',
    'canceled',
    'completed',
    'aborted',
    'expiring',
  ],
}
const INVOICES: Readonly<Record<string, readonly string[]>> = {
  'invoice.': [
    'created',
    'finalized',
    'finalization_failed',
    'paid',
    'payment_succeeded',
    'payment_failed',
    'payment_action_required',
    'payment_attempt_required',
    'upcoming',
    'will_be_due',
    'overdue',
    'overpaid',
    'voided',
    'marked_uncollectible',
    'updated',
    'deleted',
    'sent',
  ],
  'invoice_payment.': ['paid'],
  'refund.': ['created', 'updated', 'failed'],
  'charge.': ['refunded', 'refund.updated'],
  'credit_note.': ['created', 'updated', 'voided'],
  'payment_intent.': ['processing'],
  'charge.dispute.': ['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'],
}
const PARKED: Readonly<Record<string, readonly string[]>> = {
  'payment_intent.': ['payment_failed', 'requires_action', 'succeeded', 'canceled'],
  'setup_intent.': ['succeeded', 'setup_failed', 'requires_action'],
  'payment_method.': ['attached', 'detached', 'updated', 'automatically_updated'],
  'mandate.': ['updated'],
  'customer.': ['created'],
  'customer.discount.': ['created', 'updated', 'deleted'],
  'coupon.': ['created', 'updated', 'deleted'],
  'promotion_code.': ['created', 'updated'],
  'radar.early_fraud_warning.': ['created', 'updated'],
  'entitlements.active_entitlement_summary.': ['updated'],
  'product.': ['created', 'updated', 'deleted'],
  'price.': ['created', 'updated', 'deleted'],
  'plan.': ['created', 'updated', 'deleted'],
  'billing.': ['alert.triggered', 'credit_grant.created', 'meter.created'],
  'v2.core.event_destination.': ['ping'],
  'account.': ['application.deauthorized'],
  'test_helpers.test_clock.': ['ready', 'internal_failure'],
}

const typesOf = (families: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(families).flatMap(([prefix, ends]) => ends.map((end) => prefix + end))

describe('an event of Stripe’s', () => {
  test.each(typesOf(FACTS))('%s is forwarded to the subscription’s workflow', (type) => {
    expect([reasonToPark(type), inboxQueueOf(type)]).toEqual([undefined, 'facts'])
  })

  test.each(typesOf(INVOICES))('%s updates the mirror of its invoice', (type) => {
    expect([reasonToPark(type), inboxQueueOf(type)]).toEqual([undefined, 'invoices'])
  })

  test.each(typesOf(PARKED))('%s is parked for a known reason', (type) => {
    expect(reasonToPark(type)).toEqual(expect.any(String))
    expect(reasonToPark(type)).not.toBe(UNKNOWN)
  })

  test.each(['', 'something.new', 'customer', 'issuing_card.created'])(
    'of the type “%s”, which nobody here knows, is parked, not refused',
    (type) => {
      expect(reasonToPark(type)).toBe(UNKNOWN)
    },
  )
})
