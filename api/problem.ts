import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnvironment } from './environment.ts'

/** Every problem that a caller can receive, by its stable code. */
export const PROBLEMS = {
  malformed_form: { status: 400, title: 'The form cannot be read' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  malformed_event: { status: 400, title: 'The body is not an event of Stripe' },
  bad_signature: { status: 400, title: 'The Stripe signature is not valid' },
  unauthenticated: { status: 401, title: 'No valid API key or token' },
  forbidden: { status: 403, title: 'The key or token does not allow this' },
  user_missing: { status: 400, title: 'The X-User-Id header is missing' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  plan_not_found: { status: 404, title: 'Plan not found' },
  plan_version_not_found: { status: 404, title: 'Plan version not found' },
  stripe_price_not_found: { status: 404, title: 'Stripe does not have this price' },
  migration_not_found: { status: 404, title: 'Migration not found' },
  subscription_not_found: { status: 404, title: 'Subscription not found' },
  entry_not_found: { status: 404, title: 'Timeline entry not found' },
  invoice_not_found: { status: 404, title: 'Invoice not found' },
  customer_not_found: { status: 404, title: 'Customer not found' },
  feature_not_found: { status: 404, title: 'Feature not found' },
  grant_not_found: { status: 404, title: 'Grant not found' },
  override_not_found: { status: 404, title: 'Override not found' },
  api_key_not_found: { status: 404, title: 'API key not found' },
  webhook_endpoint_not_found: { status: 404, title: 'Webhook endpoint not found' },
  reservation_not_found: { status: 404, title: 'Reservation not found' },
  reservation_expired: { status: 409, title: 'The reservation has expired' },
  reservation_closed: { status: 409, title: 'The reservation is already closed' },
  subscription_exists: { status: 409, title: 'The user already has a subscription' },
  checkout_already_paid: { status: 409, title: 'The open checkout was just paid' },
  payment_processing: { status: 409, title: 'A bank is still confirming a payment' },
  pays_by_invoice: { status: 409, title: 'The customer pays by invoice' },
  nothing_to_collect: { status: 409, title: 'The plan is free' },
  change_pending: { status: 409, title: 'A plan change is pending' },
  collection_paused: { status: 409, title: 'Collection is paused at Stripe' },
  subscription_over: { status: 409, title: 'The subscription has ended' },
  move_not_allowed: { status: 409, title: 'The subscription’s status does not allow this' },
  nothing_to_withdraw: { status: 409, title: 'Nothing is pending' },
  plan_unchanged: { status: 409, title: 'The subscription already has this plan' },
  checkout_required: { status: 409, title: 'This plan requires a checkout' },
  plan_not_changeable: { status: 409, title: 'The subscription cannot change to this plan' },
  offer_ends: { status: 409, title: 'The offer ends' },
  plan_unclear: { status: 409, title: 'Stripe’s items do not show which one is the plan' },
  grows_in_trial: { status: 409, title: 'The quantity cannot grow during a trial' },
  addon_does_not_fit: { status: 409, title: 'An add-on does not fit the plan' },
  quantity_in_use: { status: 409, title: 'More units are in use' },
  downgrade_not_now: { status: 409, title: 'A downgrade takes effect at the end of the period' },
  payment_pending: { status: 409, title: 'The invoice of this period is not paid yet' },
  payment_method_required: { status: 409, title: 'The customer has no card' },
  moved_on: { status: 409, title: 'The subscription has changed in the meantime' },
  nothing_to_return: { status: 409, title: 'Less than this is left to return' },
  plan_in_use: { status: 409, title: 'The plan has been published' },
  plan_version_published: { status: 409, title: 'A published version cannot change' },
  plan_version_in_use: { status: 409, title: 'Subscriptions use this version' },
  plan_version_not_published: { status: 409, title: 'The version is a draft' },
  plan_version_custom: { status: 409, title: 'The version belongs to one user' },
  migration_cycle: { status: 409, title: 'The migration would form a cycle' },
  migration_overlap: { status: 409, title: 'Another migration covers these subscriptions' },
  migration_over: { status: 409, title: 'The migration has ended' },
  migration_not_steerable: { status: 409, title: 'The migration’s state does not allow this' },
  stripe_price_taken: { status: 409, title: 'The price belongs to another plan' },
  plan_version_retired: { status: 409, title: 'The version is retired' },
  feature_in_use: { status: 409, title: 'Plans use this feature' },
  api_key_exists: { status: 409, title: 'This API key already exists' },
  api_key_over: { status: 409, title: 'The API key has ended or was already rotated' },
  last_operator_key: { status: 409, title: 'This is the last operator key' },
  webhooks_not_configured: { status: 409, title: 'Webhooks are not configured' },
  webhook_endpoint_exists: { status: 409, title: 'This webhook endpoint already exists' },
  webhook_endpoints_exhausted: { status: 409, title: 'Too many webhook endpoints' },
  webhook_endpoint_disabled: { status: 409, title: 'The webhook endpoint is disabled' },
  webhook_secret_rotated: { status: 409, title: 'This rotation was already done' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  feature_has_amount: { status: 422, title: 'The feature is counted' },
  feature_not_countable: { status: 422, title: 'The feature has no amount' },
  stripe_price_not_usable: { status: 422, title: 'No plan can have this price' },
  plan_version_invalid: { status: 422, title: 'The version is not valid' },
  plan_version_incomplete: { status: 422, title: 'The version is incomplete' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  idempotency_key_reused: {
    status: 422,
    title: 'The idempotency key was used for another request',
  },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Internal error' },
  payment_provider_rejected: { status: 502, title: 'The payment provider rejected the request' },
  payment_provider_unconfirmed: {
    status: 502,
    title: 'The payment provider did not confirm the request',
  },
  payment_provider_unavailable: {
    status: 503,
    title: 'The payment provider cannot be reached right now',
  },
  workflow_unavailable: { status: 503, title: 'Subscriptions cannot be changed right now' },
  identity_provider_unavailable: { status: 503, title: 'Tokens cannot be verified right now' },
  database_unavailable: { status: 503, title: 'The database cannot be reached right now' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** A field of the request and what is wrong with it. */
export type FieldError = { readonly field: string; readonly detail: string }

/** The body of every error response. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:perennial:problem:<code>`'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('A stable identifier that programs can depend on.'),
    detail: z.string().describe('The mistake and its fix, for developers.'),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
    subscription_id: z.uuid().optional(),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

/** The header of each 503. In seconds. */
export const RETRY_AFTER = { 'retry-after': '2' }
const CONTENT_TYPE = { 'content-type': 'application/problem+json' }

/** The problems of every call by an operator. */
export const OPERATOR_PROBLEMS = [
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'database_unavailable',
] as const satisfies readonly ProblemCode[]

/** The problems of every call for a user. */
export const USER_PROBLEMS = [
  'user_missing',
  ...OPERATOR_PROBLEMS,
] as const satisfies readonly ProblemCode[]

/** Optional parts of a problem. */
export type ProblemExtras = {
  readonly errors?: FieldError[]
  readonly subscriptionId?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The body of a problem.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemBody(
  code: ProblemCode,
  detail: string,
  requestId: string,
  extras: ProblemExtras = {},
): Problem {
  const { status, title } = PROBLEMS[code]
  return {
    type: `urn:perennial:problem:${code}`,
    title,
    status,
    code,
    detail,
    request_id: requestId,
    ...(extras.errors && { errors: extras.errors }),
    ...(extras.subscriptionId && { subscription_id: extras.subscriptionId }),
  }
}

/** Answers with a problem. */
export function problem<Code extends ProblemCode>(
  c: Context<ApiEnvironment>,
  code: Code,
  detail: string,
  extras?: ProblemExtras,
) {
  const status: (typeof PROBLEMS)[Code]['status'] = PROBLEMS[code].status
  const body = problemBody(code, detail, c.get('requestId') ?? 'none', extras)
  return c.json(body, status, {
    ...CONTENT_TYPE,
    ...(status === 503 && RETRY_AFTER),
    ...extras?.headers,
  })
}

/** The problems that middleware answers before a route runs: for each authenticated call, and for each body. */
const BEFORE_ROUTE: Partial<Record<ProblemCode, ProblemCode[]>> = {
  unauthenticated: ['rate_limited', 'identity_provider_unavailable'],
  malformed_json: ['unsupported_media_type', 'body_too_large'],
}

type StatusOf<Code extends ProblemCode> = (typeof PROBLEMS)[Code]['status']
type ProblemResponse = {
  description: string
  content: { 'application/problem+json': { schema: typeof problemSchema } }
}

/** The `responses` of a route for its problems, one entry per status. */
export function problemResponses<Code extends ProblemCode>(...codes: Code[]) {
  const responses: Record<number, ProblemResponse> = {}
  const all: ProblemCode[] = codes.flatMap((code: ProblemCode) => [
    code,
    ...(BEFORE_ROUTE[code] ?? []),
  ])
  for (const status of new Set(all.map((code) => PROBLEMS[code].status))) {
    const ofStatus = [...new Set(all)].filter((code) => PROBLEMS[code].status === status)
    responses[status] = {
      description: ofStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: problemSchema } },
    }
  }
  return responses as { [S in StatusOf<Code>]: ProblemResponse }
}
