import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { UserId } from '../../domain/ids.ts'
import type { Caller } from '../auth/caller.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { decideBegun, mayBeginFor, type AttachParts } from './auto-attach.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { unknownFeature } from './unknown-feature.ts'
import { usageFields } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

/** The path of the call, after the base path. */
export const CHECK_PATH = '/usage/check'
/** The body of the call. */
export const checkSchema = requestObject(usageFields).openapi('CheckRequest')

const route = createRoute({
  operationId: 'checkUsage',
  callers: 'reader',
  method: 'post',
  path: CHECK_PATH,
  tags: ['Usage'],
  summary: 'Check usage without counting it',
  description:
    'Returns the outcome that `consume` would return now, with the amounts before the usage. Other requests can use up the quota in the meantime, so only `consume` is binding. As with `consume`, a free plan with `auto_attach` begins if the user has no live subscription; a key that may only read begins nothing.',
  request: { body: jsonBody(checkSchema) },
  responses: {
    200: {
      description: 'The outcome that `consume` would return now.',
      content: jsonContent(outcomeSchema),
    },
    ...problemResponses(
      'malformed_json',
      'feature_not_found',
      'workflow_unavailable',
      ...USER_PROBLEMS,
    ),
  },
})

type Checked =
  | { readonly kind: 'checked'; readonly view: z.infer<typeof outcomeSchema> }
  | { readonly kind: 'unknown_feature'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string }

/**
 * Decides what `consume` would answer, and counts nothing.
 *
 * @param caller without the scope `app` it begins no plan.
 */
export async function check(
  parts: AttachParts,
  { userId, caller }: { readonly userId: UserId; readonly caller: Caller },
  request: z.infer<typeof checkSchema>,
): Promise<Checked> {
  const { repositories, clock } = parts
  const question = { userId, ...request }
  const ask = async () => {
    const [first] = await repositories.usage.check([question], clock.now())
    if (first === undefined) throw new Error('the database returned no outcome')
    return first
  }
  const decided = mayBeginFor(caller)
    ? await decideBegun(parts, question, ask)
    : { kind: 'decided' as const, outcome: await ask() }
  if (decided.kind === 'unavailable') return decided
  const { outcome } = decided
  const detail = await unknownFeature(repositories.catalogue, outcome, request.feature)
  return detail === undefined
    ? { kind: 'checked', view: viewOfOutcome(outcome) }
    : { kind: 'unknown_feature', detail }
}

/** The route of the calls that the short cut (`api/short-cuts/usage.ts`) does not answer. Both return the same bytes. */
export const checkUsage = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const who = { userId: userOf(c).userId, caller: c.get('caller') }
    const checked = await check(dependencies, who, c.req.valid('json'))
    switch (checked.kind) {
      case 'checked':
        return c.json(checked.view, 200)
      case 'unknown_feature':
        return problem(c, 'feature_not_found', checked.detail)
      case 'unavailable':
        return problem(c, 'workflow_unavailable', checked.detail)
    }
  })
