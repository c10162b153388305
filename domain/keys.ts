/**
 * Every idempotency key, named. The same cause always yields the same key, on every retry and every replay,
 * in whichever process; a new cause (a new generation) yields another one.
 */

/** Prefix of all keys that we send to Stripe: it tells our own echoes among Stripe's events. */
const STRIPE_KEY_PREFIX = 'perennial'

type StripeCommand = {
  /** The deployment, so that two of them on one Stripe account never share a key. */
  readonly environment: string
  /** What the command is about: a subscription's workflow, a user, a plan version. */
  readonly subject: string
  readonly command: string
  /** Counts deliberate repetitions of the command; a retry has the same generation. */
  readonly generation: number
}

/** Stripe takes at most 255 characters. */
export const stripeKey = ({ environment, subject, command, generation }: StripeCommand): string =>
  `${STRIPE_KEY_PREFIX}:${environment}:${subject}:${command}:${generation}`

/** Whether a request to Stripe was ours: another deployment on the same account has another environment. */
export const isOwnStripeKey = (environment: string, key: string): boolean =>
  key.startsWith(`${STRIPE_KEY_PREFIX}:${environment}:`)

/** Identity of a subscription that a user starts by one call: the call repeated names the same subscription. */
export const subscriptionKey = (userId: string, idempotencyKey: string): string =>
  `subscription/${userId}/${idempotencyKey}`

/** Identity of a fact that a customer is told about, once. */
export const noticeKey = (subscriptionId: string, fact: string): string =>
  `notice/${subscriptionId}/${fact}`

/** Identity of what an operator grants by one call: the call repeated names the same grant. */
export const grantKey = (apiKeyId: string, idempotencyKey: string): string =>
  `grant/${apiKeyId}/${idempotencyKey}`

/** Identity of an API key that an operator makes by one call: the call repeated makes no second key. */
export const apiKeyKey = (apiKeyId: string, idempotencyKey: string): string =>
  `api-key/${apiKeyId}/${idempotencyKey}`

/** Identity of the one key that replaces another. */
export const successorKey = (apiKeyId: string): string => `api-key/${apiKeyId}/successor`

/** Identity of what a user reserves by one call: the call repeated names the same reservation. */
export const reservationKey = (userId: string, idempotencyKey: string): string =>
  `reservation/${userId}/${idempotencyKey}`

/** Identity of a migration of subscribers that an operator starts by one call: the call repeated names the same job. */
export const planMigrationKey = (apiKeyId: string, idempotencyKey: string): string =>
  `plan-migration/${apiKeyId}/${idempotencyKey}`

/** Identity of what a migration asks of one subscription: asked again, it is answered and not done again. */
export const migrationCommandKey = (migrationId: string, way: 'there' | 'back'): string =>
  `plan-migration/${migrationId}/${way}`

/** Identity of the change that follows when a user's own version ends with a period. */
export const offerEndKey = (planVersionId: string, periodEnd: Date): string =>
  `offer-end/${planVersionId}/${periodEnd.toISOString()}`

/** Identity of what a customer is told about collecting a bill; the attempt is part of the fact. */
export const collectionFact = (
  kind: 'payment_failed' | 'action_required',
  invoiceId: string,
  attempt: number | '',
): string => `${kind}/${invoiceId}/${attempt}`

/** Identity of what became of a bill, where no entry of the timeline says it. */
export const invoiceFact = (invoiceId: string, fact: string): string => `${invoiceId}_${fact}`

/** Identity of a webhook endpoint that an operator makes by one call: the call repeated makes no second one. */
export const webhookEndpointKey = (apiKeyId: string, idempotencyKey: string): string =>
  `webhook-endpoint/${apiKeyId}/${idempotencyKey}`

/** Identity of a rotation of a signing secret: the call repeated makes no other secret. */
export const webhookRotationKey = (apiKeyId: string, idempotencyKey: string): string =>
  `webhook-rotation/${apiKeyId}/${idempotencyKey}`

/** Identity of what an operator has a subscription's workflow do: asked again, it is done and noted once. */
export const operatorCommandKey = (subscriptionId: string, commandId: string): string =>
  `operator-move/${subscriptionId}/${commandId}`

/** Identity of the cancellation that follows from money which went back. */
export const moneyBackKey = (invoiceId: string): string => `money-back/${invoiceId}`

/**
 * Identity of a part of a window's overage at Stripe's meters. At most 100 characters: the two ids are there in full, the
 * window as milliseconds in base 36, the sequence as a number.
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
