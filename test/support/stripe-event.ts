import { randomUUID } from 'node:crypto'
import type { StripeObjectIds } from '../../domain/stripe/event.ts'
import type { IncomingStripeEvent } from '../../domain/stripe/inbox.ts'

/** A Stripe object with an id that no test reads. */
export const NO_IDS: StripeObjectIds = {
  objectId: null,
  customerId: null,
  stripeSubscriptionId: null,
  sessionId: null,
  invoiceId: null,
  paymentIntentId: null,
  subscriptionId: null,
}

/** An event that arrives in the inbox at `at`; tests override its subject. */
export const aStripeEvent = (
  at: Date,
  given: Partial<IncomingStripeEvent> = {},
): IncomingStripeEvent => ({
  account: 'acct',
  livemode: false,
  eventId: `evt_${randomUUID()}`,
  type: 'customer.subscription.updated',
  objectIds: { ...NO_IDS, objectId: 'sub_1', stripeSubscriptionId: 'sub_1' },
  apiVersion: null,
  createdAt: at,
  receivedAt: at,
  payload: { id: 'sub_1' },
  verdict: { state: 'received' },
  ...given,
})
