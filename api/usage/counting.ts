import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { UserId } from '../../domain/ids.ts'
import { applicationOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { newIdempotencyKey } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { eventKeyHeader, occurredAt, usageFields } from './request.ts'

export const KEY_REUSED =
  'This Idempotency-Key came with another feature or amount before. Use a new key for new usage.'

/** What counts (1) or gives back (-1), and what it says of itself. */
export type Counting = {
  readonly path: '/usage/consume' | '/usage/release'
  readonly sign: 1 | -1
  readonly schemaName: string
  readonly summary: string
  readonly description: string
  readonly answered: string
}

export const countingSchema = z.strictObject({ ...usageFields, occurred_at: occurredAt })
type CountingRequest = z.infer<typeof countingSchema>

/** Asks for one line of the ledger; undefined when its key came with another request before. */
export async function count(
  { repositories, clock }: Pick<ApiDependencies, 'repositories' | 'clock'>,
  sign: 1 | -1,
  asked: {
    readonly userId: UserId
    readonly key: string | undefined
    readonly request: CountingRequest
  },
) {
  const { feature, amount, occurred_at } = asked.request
  const key = asked.key ?? newIdempotencyKey()
  const request = {
    userId: asked.userId,
    feature,
    key,
    amount: sign * amount,
    occurredAt: occurred_at,
  }
  const [outcome] = await repositories.usage.consume([request], clock.now())
  if (outcome === undefined) throw new Error('usage was not answered')
  return outcome.kind === 'key_reused' ? undefined : viewOfOutcome(outcome)
}

/** The route of a call that counts. */
export function countingRoute(dependencies: ApiDependencies, counting: Counting) {
  const { path, sign, schemaName, summary, description, answered } = counting
  const route = createRoute({
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
        'user_missing',
        'unauthenticated',
        'forbidden',
        'invalid_request',
        'idempotency_key_reused',
        'database_unavailable',
      ),
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
