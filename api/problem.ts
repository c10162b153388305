import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnvironment } from './environment.ts'

/** Every problem that a caller can meet: its stable code, status and title. */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is no JSON' },
  bad_signature: { status: 400, title: 'Stripe did not sign this body' },
  unauthenticated: { status: 401, title: 'No valid key' },
  forbidden: { status: 403, title: 'This key may not do that' },
  user_missing: { status: 400, title: 'Which user is it for?' },
  not_found: { status: 404, title: 'Nothing is here' },
  method_not_allowed: { status: 405, title: 'This path does not take this method' },
  plan_not_found: { status: 404, title: 'There is no such plan' },
  plan_version_not_found: { status: 404, title: 'There is no such version' },
  migration_not_found: { status: 404, title: 'There is no such migration' },
  subscription_not_found: { status: 404, title: 'There is no such subscription' },
  customer_not_found: { status: 404, title: 'Stripe does not know this user' },
  user_not_found: { status: 404, title: 'There is no such user' },
  feature_not_found: { status: 404, title: 'There is no such feature' },
  grant_not_found: { status: 404, title: 'There is no such grant' },
  override_not_found: { status: 404, title: 'There is no such override' },
  api_key_not_found: { status: 404, title: 'There is no such API key' },
  webhook_endpoint_not_found: { status: 404, title: 'There is no such webhook endpoint' },
  reservation_not_found: { status: 404, title: 'There is no such reservation' },
  reservation_expired: { status: 409, title: 'The reservation expired' },
  reservation_closed: { status: 409, title: 'The reservation is closed' },
  subscription_exists: { status: 409, title: 'The user has a subscription already' },
  checkout_already_paid: { status: 409, title: 'The open checkout was just paid' },
  subscription_over: { status: 409, title: 'The subscription is over' },
  move_not_allowed: { status: 409, title: 'Its status does not allow this' },
  nothing_to_withdraw: { status: 409, title: 'Nothing is scheduled' },
  plan_unchanged: { status: 409, title: 'The subscription has this plan already' },
  checkout_required: { status: 409, title: 'This plan must be bought on a page' },
  plan_not_changeable: { status: 409, title: 'The two plans cannot follow each other' },
  moved_on: { status: 409, title: 'The subscription has changed meanwhile' },
  plan_in_use: { status: 409, title: 'The plan was sold' },
  plan_version_published: { status: 409, title: 'A published version never changes' },
  plan_version_in_use: { status: 409, title: 'Subscriptions have this version' },
  plan_version_not_published: { status: 409, title: 'The version is a draft' },
  plan_version_custom: { status: 409, title: 'The version is one user’s own' },
  migration_cycle: { status: 409, title: 'The migration would lead back' },
  migration_overlap: { status: 409, title: 'Another migration has these subscribers' },
  migration_over: { status: 409, title: 'The migration has ended' },
  migration_not_steerable: { status: 409, title: 'The migration cannot do this now' },
  plan_version_retired: { status: 409, title: 'The version is retired' },
  feature_in_use: { status: 409, title: 'Plans grant this feature' },
  api_key_exists: { status: 409, title: 'This API key was made before' },
  api_key_over: { status: 409, title: 'The API key is over, or has a successor' },
  last_operator_key: { status: 409, title: 'It is the last key of an operator' },
  webhooks_not_configured: { status: 409, title: 'Webhooks are not configured' },
  webhook_endpoint_exists: { status: 409, title: 'This webhook endpoint was made before' },
  webhook_endpoints_exhausted: { status: 409, title: 'There are too many webhook endpoints' },
  webhook_endpoint_disabled: { status: 409, title: 'The webhook endpoint is disabled' },
  webhook_secret_rotated: { status: 409, title: 'This rotation was made before' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  feature_not_countable: { status: 422, title: 'The feature has no amount' },
  plan_version_invalid: { status: 422, title: 'No version can be like this' },
  plan_version_incomplete: { status: 422, title: 'The version is not complete' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  rate_limited: { status: 429, title: 'Too many calls in this minute' },
  internal_error: { status: 500, title: 'Something broke here' },
  payment_provider_rejected: { status: 502, title: 'The payment provider rejected the request' },
  payment_provider_unavailable: {
    status: 503,
    title: 'The payment provider cannot be reached right now',
  },
  workflow_unavailable: { status: 503, title: 'Subscriptions cannot be changed right now' },
  identity_provider_unavailable: { status: 503, title: 'Tokens cannot be checked right now' },
  database_unavailable: { status: 503, title: 'The database cannot be reached right now' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export type FieldError = { readonly field: string; readonly detail: string }

export const problemSchema = z
  .object({
    type: z.string().describe('`urn:perennial:problem:<code>`'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable: programs may depend on it.'),
    detail: z.string().describe('For people: what is wrong and what mends it.'),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
    subscription_id: z.uuid().optional(),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

/** A client that was told to come back does so after this many seconds. */
export const RETRY_AFTER = { 'retry-after': '2' }
const CONTENT_TYPE = { 'content-type': 'application/problem+json' }

export type ProblemExtras = {
  readonly errors?: FieldError[]
  readonly subscriptionId?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The body of a problem (RFC 9457). */
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
    // The rest of the body stays unread, so the connection cannot carry another request.
    ...extras?.headers,
    ...(status === 413 && { connection: 'close' }),
  })
}

/** What else can be wrong before a route is asked: with any caller, and with any body. */
const BEFORE: Partial<Record<ProblemCode, ProblemCode[]>> = {
  unauthenticated: ['rate_limited', 'identity_provider_unavailable'],
  malformed_json: ['unsupported_media_type', 'body_too_large'],
}

type StatusOf<Code extends ProblemCode> = (typeof PROBLEMS)[Code]['status']
type ProblemResponse = {
  description: string
  content: { 'application/problem+json': { schema: typeof problemSchema } }
}

/** The part of a route's `responses` that its problems fill, one entry per status. */
export function problemResponses<Code extends ProblemCode>(...codes: Code[]) {
  const responses: Record<number, ProblemResponse> = {}
  const all: ProblemCode[] = codes.flatMap((code: ProblemCode) => [code, ...(BEFORE[code] ?? [])])
  for (const status of new Set(all.map((code) => PROBLEMS[code].status))) {
    const ofStatus = [...new Set(all)].filter((code) => PROBLEMS[code].status === status)
    responses[status] = {
      description: ofStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: problemSchema } },
    }
  }
  return responses as { [S in StatusOf<Code>]: ProblemResponse }
}
