/**
 * The inbox queues: `facts` are forwarded to a subscription's workflow, `invoices` update the mirror of an invoice. They are
 * claimed separately, so that an activation never waits for an invoice.
 */
export type InboxQueue = 'facts' | 'invoices'

/** Types about invoices. All others go to the queue of facts, which parks those without effect. */
export const INVOICE_PREFIXES = [
  'invoice.',
  'invoice_payment.',
  'credit_note.',
  'refund.',
  'charge.refund',
  'charge.dispute.',
  'payment_intent.processing',
] as const

/** Types about subscriptions, and about customers that were deleted or changed. @see https://docs.stripe.com/api/events/types */
const FACT_PREFIXES = [
  'checkout.session.',
  'customer.subscription.',
  'subscription_schedule.',
  'customer.deleted',
  'customer.updated',
] as const

/** The one reason of a known type that wants a person. */
const FRAUD_WARNING = 'an operator decides about fraud warnings'

/** Types that are stored but have no effect, and why. The first matching prefix applies. */
const PARKED_PREFIXES: readonly (readonly [prefix: string, reason: string])[] = [
  ['customer.discount.', 'discounts are part of the invoice'],
  ['customer.', 'customers are read when they are needed'],
  ['payment_intent.', 'the invoice shows the outcome of a payment'],
  ['charge.', 'the invoice shows the outcome of a payment'],
  ['payment_method.', 'Stripe collects open invoices on its own schedule'],
  ['setup_intent.', 'Stripe collects open invoices on its own schedule'],
  ['mandate.', 'Stripe collects open invoices on its own schedule'],
  ['product.', 'the catalogue is kept here'],
  ['price.', 'the catalogue is kept here'],
  ['plan.', 'the catalogue is kept here'],
  ['coupon.', 'discounts are part of the invoice'],
  ['promotion_code.', 'discounts are part of the invoice'],
  ['invoiceitem.', 'the invoice lists its items'],
  ['radar.', FRAUD_WARNING],
  ['review.', FRAUD_WARNING],
  ['entitlements.', 'quotas are kept here'],
  ['billing.', 'usage is counted here'],
  ['billing_portal.', 'actions in the portal have events of their own'],
  ['test_helpers.', 'test clocks are for tests'],
  ['account.', 'it concerns an account, not a subscription'],
  ['v2.core.event_destination.', 'it only tests the endpoint'],
]

/** Why an event without a known subscription is parked. */
export const UNKNOWN_HERE = 'it belongs to no known subscription'

/** Stripe could not create events for a while. They are missing from deliveries and from its list. */
export const EVENTS_NOT_MADE = 'v2.core.health.event_generation_failure.resolved'
/** Why that event is parked after the comparison has started. */
export const ALL_COMPARED = 'everything is compared with Stripe because of it'

/** Reasons that need no operator, although the type of the event has effects for other objects. */
export const SETTLED = {
  subscriptionOver: 'the subscription has ended',
  customerUnknown: 'the customer had no subscription here',
  noInvoice: 'it belongs to no invoice',
  otherInvoice: 'its invoice is not for a subscription',
  overBefore: 'it had ended before it was known here',
  notPaidYet: 'its first payment is not made yet',
  customerGone: 'the customer no longer exists',
  customerWithoutUser: 'the customer has no user here',
  emailStays: 'the application owns e-mail addresses',
  emailApplied: 'the e-mail address was applied',
} as const

const UNKNOWN_TYPE = 'its type is not known here'
const NEEDS_NOBODY: ReadonlySet<string> = new Set([
  ...PARKED_PREFIXES.map(([, reason]) => reason).filter((reason) => reason !== FRAUD_WARNING),
  ...Object.values(SETTLED),
  ALL_COMPARED,
  UNKNOWN_TYPE,
])

/** @returns true if an operator must look at events that are parked for this reason; true for every unexpected reason */
export const needsOperator = (reason: string): boolean => !NEEDS_NOBODY.has(reason)

/** @param type of the event, such as `invoice.paid`. */
export const inboxQueueOf = (type: string): InboxQueue =>
  startsWithAny(type, INVOICE_PREFIXES) ? 'invoices' : 'facts'

/** @returns why events of this type have no effect; undefined if they have one. */
export function reasonToPark(type: string): string | undefined {
  const isActedUpon = startsWithAny(type, INVOICE_PREFIXES) || startsWithAny(type, FACT_PREFIXES)
  if (isActedUpon || type === EVENTS_NOT_MADE) return undefined
  const known = PARKED_PREFIXES.find(([prefix]) => type.startsWith(prefix))
  return known?.[1] ?? UNKNOWN_TYPE
}

const startsWithAny = (type: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => type.startsWith(prefix))

/** The ids in a Stripe event's object. Nothing else of its payload is used. */
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
