/**
 * Who takes an event of Stripe's: `facts` change a subscription and go to its workflow, `bills` change the mirror of an
 * invoice. So that an activation never waits for a bill, each lane is taken up by itself.
 */
export type InboxQueue = 'facts' | 'bills'

/** The types that tell of a bill. All others belong to the facts, where those that tell nothing are parked. */
export const INVOICE_PREFIXES = [
  'invoice.',
  'invoice_payment.',
  'credit_note.',
  'refund.',
  'charge.refund',
  'charge.dispute.',
] as const

/** The types that tell of a subscription, or of a customer who is no more. */
const FACT_PREFIXES = [
  'checkout.session.',
  'customer.subscription.',
  'subscription_schedule.',
  'customer.deleted',
] as const

/** What is kept and not acted upon, and why. The first prefix that fits counts. */
const PARKED_PREFIXES: readonly (readonly [prefix: string, reason: string])[] = [
  ['customer.discount.', 'discounts show in the bills'],
  ['customer.', 'customers are read when they are needed'],
  ['payment_intent.', 'its bill tells how a payment went'],
  ['charge.', 'its bill tells how a payment went'],
  ['payment_method.', 'Stripe collects open bills by its own schedule'],
  ['setup_intent.', 'Stripe collects open bills by its own schedule'],
  ['mandate.', 'Stripe collects open bills by its own schedule'],
  ['product.', 'the catalogue is kept here'],
  ['price.', 'the catalogue is kept here'],
  ['plan.', 'the catalogue is kept here'],
  ['coupon.', 'discounts show in the bills'],
  ['promotion_code.', 'discounts show in the bills'],
  ['invoiceitem.', 'its bill tells what is on it'],
  ['radar.', 'a person decides what a warning of fraud means'],
  ['review.', 'a person decides what a warning of fraud means'],
  ['entitlements.', 'quotas are kept here'],
  ['billing.', 'usage is counted here'],
  ['billing_portal.', 'what is done at the portal has events of its own'],
  ['test_helpers.', 'test clocks are for tests'],
  ['account.', 'it tells of an account, not of a subscription'],
  ['v2.core.event_destination.', 'it only tries the endpoint'],
]

/** Why an event is parked whose subscription has no row. */
export const UNKNOWN_HERE = 'it belongs to no subscription that is known here'

/** Stripe could not make events for a while: they are in neither its deliveries nor its list, and nothing else tells of them. */
export const EVENTS_NOT_MADE = 'v2.core.health.event_generation_failure.resolved'
/** Why that one is parked in the end. */
export const ALL_COMPARED = 'everything is compared with Stripe because of it'

export const inboxQueueOf = (type: string): InboxQueue =>
  startsWithAny(type, INVOICE_PREFIXES) ? 'bills' : 'facts'

/** Why an event of this type is not acted upon; undefined for one that is. */
export function reasonToPark(type: string): string | undefined {
  const isActedUpon = startsWithAny(type, INVOICE_PREFIXES) || startsWithAny(type, FACT_PREFIXES)
  if (isActedUpon || type === EVENTS_NOT_MADE) return undefined
  const known = PARKED_PREFIXES.find(([prefix]) => type.startsWith(prefix))
  return known?.[1] ?? 'its type is not known here'
}

const startsWithAny = (type: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => type.startsWith(prefix))

/** The ids found in a Stripe event's object: all that is ever taken from it. */
export type StripeObjectIds = {
  readonly objectId: string | null
  readonly customerId: string | null
  readonly stripeSubscriptionId: string | null
  readonly sessionId: string | null
  readonly invoiceId: string | null
  readonly paymentIntentId: string | null
  /** Ours, from the object's metadata. */
  readonly subscriptionId: string | null
}
