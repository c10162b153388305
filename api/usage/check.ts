import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { UserId } from '../../domain/ids.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
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
    'Returns the outcome that `consume` would return now, with the amounts before the usage. Other requests can use up the quota in the meantime, so only `consume` is binding.',
  request: { body: jsonBody(checkSchema) },
  responses: {
    200: {
      description: 'The outcome that `consume` would return now.',
      content: jsonContent(outcomeSchema),
    },
    ...problemResponses('malformed_json', 'feature_not_found', ...USER_PROBLEMS),
  },
})

type Checked =
  | { readonly kind: 'checked'; readonly view: z.infer<typeof outcomeSchema> }
  | { readonly kind: 'unknown_feature'; readonly detail: string }

/** Decides what `consume` would answer, and counts nothing. */
export async function check(
  { repositories, clock }: Pick<ApiDependencies, 'repositories' | 'clock'>,
  userId: UserId,
  request: z.infer<typeof checkSchema>,
): Promise<Checked> {
  const [outcome] = await repositories.usage.check([{ userId, ...request }], clock.now())
  if (outcome === undefined) throw new Error('the database returned no outcome')
  const detail = await unknownFeature(repositories.catalogue, outcome, request.feature)
  return detail === undefined
    ? { kind: 'checked', view: viewOfOutcome(outcome) }
    : { kind: 'unknown_feature', detail }
}

/** The route of the calls that the short cut (`api/short-cuts/usage.ts`) does not answer. Both return the same bytes. */
export const checkUsage = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const checked = await check(dependencies, userOf(c).userId, c.req.valid('json'))
    return checked.kind === 'checked'
      ? c.json(checked.view, 200)
      : problem(c, 'feature_not_found', checked.detail)
  })
