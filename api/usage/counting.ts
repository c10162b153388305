import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { UserId } from '../../domain/ids.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { newIdempotencyKey } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { decideBegun, type AttachParts } from './auto-attach.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { unknownFeature } from './unknown-feature.ts'
import { eventKeyHeader, occurredAt, usageFields } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

/** The detail of the problem for a key whose first request was another one. */
export const KEY_REUSED =
  'This Idempotency-Key was used for another feature or amount. Use a new key for new usage.'

/** The two calls that count: `consume` adds usage (1), `release` returns it (-1). */
export type Counting = {
  readonly path: '/usage/consume' | '/usage/release'
  readonly sign: 1 | -1
  readonly operationId: string
  readonly schemaName: string
  readonly summary: string
  readonly description: string
  /** The description of the response. */
  readonly answered: string
}

/** The body of `consume` and `release`. */
export const countingSchema = requestObject({ ...usageFields, occurred_at: occurredAt })
type CountingRequest = z.infer<typeof countingSchema>

type Counted =
  | { readonly kind: 'counted'; readonly view: ReturnType<typeof viewOfOutcome> }
  /** The key was used for another feature or amount. */
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'unknown_feature'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** Counts one event. */
export async function count(
  parts: AttachParts,
  sign: 1 | -1,
  usage: {
    readonly userId: UserId
    readonly key: string | undefined
    readonly request: CountingRequest
  },
): Promise<Counted> {
  const { repositories, clock } = parts
  const { feature, amount, occurred_at } = usage.request
  const key = usage.key ?? newIdempotencyKey()
  const request = {
    userId: usage.userId,
    feature,
    key,
    amount: sign * amount,
    occurredAt: occurred_at,
  }
  const consume = async () => {
    const [first] = await repositories.usage.consume([request], clock.now())
    if (first === undefined) throw new Error('the database returned no outcome')
    return first
  }
  // Nothing was used before a subscription, so there is nothing to return.
  const decided =
    sign === 1
      ? await decideBegun(parts, request, consume)
      : { kind: 'decided' as const, outcome: await consume() }
  if (decided.kind === 'unavailable') return decided
  const { outcome } = decided
  if (outcome.kind === 'key_reused') return outcome
  const detail = await unknownFeature(repositories.catalogue, outcome, feature)
  return detail === undefined
    ? { kind: 'counted', view: viewOfOutcome(outcome) }
    : { kind: 'unknown_feature', detail }
}

/** The route of `consume` or `release`. */
export function countingRoute(dependencies: ApiDependencies, counting: Counting) {
  const { path, sign, operationId, schemaName, summary, description, answered } = counting
  const route = createRoute({
    operationId,
    callers: 'application',
    method: 'post',
    path,
    tags: ['Usage'],
    summary,
    description,
    request: {
      headers: eventKeyHeader,
      body: jsonBody(countingSchema.openapi(schemaName)),
    },
    responses: {
      200: { description: answered, content: jsonContent(outcomeSchema) },
      ...problemResponses(
        'malformed_json',
        'feature_not_found',
        'idempotency_key_reused',
        'workflow_unavailable',
        ...USER_PROBLEMS,
      ),
    },
  })
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = userOf(c)
      const counted = await count(dependencies, sign, {
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: c.req.valid('json'),
      })
      switch (counted.kind) {
        case 'key_reused':
          return problem(c, 'idempotency_key_reused', KEY_REUSED)
        case 'unknown_feature':
          return problem(c, 'feature_not_found', counted.detail)
        case 'unavailable':
          return problem(c, 'workflow_unavailable', counted.detail)
        case 'counted':
          return c.json(counted.view, 200)
      }
    },
  )
}
