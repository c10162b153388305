import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { UserId } from '../../domain/ids.ts'
import { applicationOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { newIdempotencyKey } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { eventKeyHeader, occurredAt, usageFields } from './request.ts'
import { createRoute } from '../route.ts'

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
export const countingSchema = z.strictObject({ ...usageFields, occurred_at: occurredAt })
type CountingRequest = z.infer<typeof countingSchema>

/** Counts one event. Resolves to undefined if its key was used for another feature or amount. */
export async function count(
  { repositories, clock }: Pick<ApiDependencies, 'repositories' | 'clock'>,
  sign: 1 | -1,
  usage: {
    readonly userId: UserId
    readonly key: string | undefined
    readonly request: CountingRequest
  },
) {
  const { feature, amount, occurred_at } = usage.request
  const key = usage.key ?? newIdempotencyKey()
  const request = {
    userId: usage.userId,
    feature,
    key,
    amount: sign * amount,
    occurredAt: occurred_at,
  }
  const [outcome] = await repositories.usage.consume([request], clock.now())
  if (outcome === undefined) throw new Error('the database returned no outcome')
  return outcome.kind === 'key_reused' ? undefined : viewOfOutcome(outcome)
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
      ...problemResponses('malformed_json', 'idempotency_key_reused', ...USER_PROBLEMS),
    },
  })
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = applicationOf(c)
      if (user.kind === 'refused') return user.answer
      const view = await count(dependencies, sign, {
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: c.req.valid('json'),
      })
      return view === undefined
        ? problem(c, 'idempotency_key_reused', KEY_REUSED)
        : c.json(view, 200)
    },
  )
}
