/**
 * Every idempotency key, and every name that an id is derived from. The same cause always gives the same key: on every retry and replay, in every process. A new
 * cause gives a new key.
 */

/** Prefix of all keys sent to Stripe. Stripe's events repeat the key, which marks the effects of our own requests. */
const STRIPE_KEY_PREFIX = 'perennial'

type StripeCommand = {
  /** The deployment: two deployments on one Stripe account never share a key. */
  readonly environment: string
  /** The object of the command: a subscription's workflow, a user or a plan version. */
  readonly subject: string
  readonly command: string
  /** Counts deliberate repetitions of the command; a retry has the same generation. */
  readonly generation: number
}

/** Stripe accepts at most 255 characters. @see https://docs.stripe.com/api/idempotent_requests */
export const stripeKey = ({ environment, subject, command, generation }: StripeCommand): string =>
  `${STRIPE_KEY_PREFIX}:${environment}:${subject}:${command}:${generation}`

/** @returns true if this deployment sent the request; another deployment on the account has another environment. */
export const isOwnStripeKey = (environment: string, key: string): boolean =>
  key.startsWith(`${STRIPE_KEY_PREFIX}:${environment}:`)

/** A name that the application chose, as one part of a key: without the escape, `a/b` and `c` would equal `a` and `b/c`. */
const part = (name: string): string => name.replaceAll('%', '%25').replaceAll('/', '%2F')

/** The subscription that one checkout call creates. */
export const subscriptionKey = (userId: string, idempotencyKey: string): string =>
  `subscription/${part(userId)}/${idempotencyKey}`

/**
 * A command that a user or an application sends. The prefix keeps keys that callers choose apart from those of the
 * service's own commands: otherwise a caller could use the key of a future one, which would then be a repeat.
 */
export const userCommandKey = (idempotencyKey: string): string => `user/${idempotencyKey}`

/** A command that an operator sends. */
export const operatorRequestKey = (apiKeyId: string, idempotencyKey: string): string =>
  `operator/${apiKeyId}/${idempotencyKey}`

/** The reading of Stripe that restarts a lost workflow before it gets the command. */
export const restartKey = (commandId: string): string => `restart/${commandId}`

/** One letter to a customer; each fact is sent once. */
export const letterKey = (subscriptionId: string, fact: string): string =>
  `notice/${subscriptionId}/${fact}`

/** The refund or credit that one call makes. */
export const returnKey = (apiKeyId: string, idempotencyKey: string): string =>
  `return/${apiKeyId}/${idempotencyKey}`

/** The change of a customer's details by one call. */
export const customerCommandKey = (userId: string, idempotencyKey: string): string =>
  `customer/${part(userId)}/${idempotencyKey}`

/**
 * The free subscription that begins by itself after `former`, the latest one of the product line; null for none.
 *
 * @param since when the customer began: a user who was erased, and comes again, gets another subscription.
 */
export const autoAttachKey = (
  { userId, since }: { readonly userId: string; readonly since: Date },
  productLine: string,
  former: string | null,
): string =>
  `auto-attach/${part(userId)}/${since.toISOString()}/${productLine}/${former ?? 'first'}`

/** The command that begins it. Callers' own keys begin with `user/`. */
export const AUTO_ATTACH_COMMAND = 'auto-attach'

/** The grant that one call creates. */
export const grantKey = (apiKeyId: string, idempotencyKey: string): string =>
  `grant/${apiKeyId}/${idempotencyKey}`

/** The API key that one call creates. */
export const apiKeyKey = (apiKeyId: string, idempotencyKey: string): string =>
  `api-key/${apiKeyId}/${idempotencyKey}`

/** The API key that replaces another; there is at most one. */
export const successorKey = (apiKeyId: string): string => `api-key/${apiKeyId}/successor`

/** The reservation that one call creates. */
export const reservationKey = (userId: string, idempotencyKey: string): string =>
  `reservation/${part(userId)}/${idempotencyKey}`

/** The plan migration that one call starts. */
export const planMigrationKey = (apiKeyId: string, idempotencyKey: string): string =>
  `plan-migration/${apiKeyId}/${idempotencyKey}`

/** The command that a migration sends to one subscription: `there` moves it, `back` rolls it back. */
export const migrationCommandKey = (migrationId: string, way: 'there' | 'back'): string =>
  `plan-migration/${migrationId}/${way}`

/**
 * The plan change at the end of a user's custom version, as one round asks for it. The next round finds it pending; if its
 * user has withdrawn it, it is a new command.
 */
export const offerEndKey = (planVersionId: string, round: Date): string =>
  `offer-end/${planVersionId}/${round.toISOString()}`

/** A failed attempt to collect an invoice, as part of a letter's key. */
export const collectionFact = (
  kind: 'payment_failed' | 'action_required' | 'invoice_issued' | 'invoice_overdue',
  invoiceId: string,
  attempt: number | '',
): string => `${kind}/${invoiceId}/${attempt}`

/** An event of an invoice that has no entry in the timeline. */
export const invoiceFact = (invoiceId: string, fact: string): string => `${invoiceId}_${fact}`

/** The webhook endpoint that one call creates. */
export const webhookEndpointKey = (apiKeyId: string, idempotencyKey: string): string =>
  `webhook-endpoint/${apiKeyId}/${idempotencyKey}`

/** The rotation of a signing secret by one call. */
export const webhookRotationKey = (apiKeyId: string, idempotencyKey: string): string =>
  `webhook-rotation/${apiKeyId}/${idempotencyKey}`

/** An operator's command to a subscription's workflow. */
export const operatorCommandKey = (subscriptionId: string, commandId: string): string =>
  `operator-move/${subscriptionId}/${commandId}`

/** A feature of the catalogue. */
export const featureKey = (code: string): string => `feature/${code}`

/** A plan of the catalogue. */
export const planKey = (slug: string): string => `plan/${slug}`

/** One version of a plan. */
export const planVersionKey = (slug: string, version: number): string => `plan/${slug}/${version}`

/** The cancellation that follows a refund or a dispute. */
export const moneyBackKey = (invoiceId: string): string => `money-back/${invoiceId}`

/**
 * One report of a window's overage to Stripe's meters. Stripe accepts at most 100 characters, so the ids lose their
 * hyphens and the window is written as milliseconds in base 36.
 *
 * @see https://docs.stripe.com/api/billing/meter-event/create
 */
export const meterEventIdentifier = (
  environment: string,
  report: {
    readonly subscriptionId: string
    readonly featureId: string
    readonly windowStart: Date
    readonly sequence: number
  },
): string => {
  const ids = `${report.subscriptionId}${report.featureId}`.replaceAll('-', '')
  const window = report.windowStart.getTime().toString(36)
  return `${environment.slice(0, 4)}:${ids}:${window}:${report.sequence}`
}
