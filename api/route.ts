import { createRoute as describeRoute, z, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { acceptCallers, isForUser, securityOf, type Callers } from './auth/callers.ts'
import type { Lead } from './links.ts'
import { USER_ID_PARAMETER } from './auth/user-id-header.ts'
import { jsonBodyOnly } from './middleware/json-body.ts'
import { knownQuery } from './middleware/known-query.ts'

type Described = Omit<RouteConfig, 'path' | 'security' | 'middleware'> & {
  /** The name of the call in generated clients: a verb and its object. */
  readonly operationId: string
  readonly callers: Callers
  /** The calls that use what this one makes. */
  readonly leadsTo?: readonly Lead[]
  /** For a call whose address others write, with parameters of their own. */
  readonly anyQuery?: boolean
}

/**
 * A route of the API. Before its schemas are applied, it refuses in this order: callers that it does not accept, query
 * parameters that it does not have, a body that is not JSON, and texts that are no plain Unicode.
 */
export function createRoute<Route extends Described & { path: string }>(route: Route) {
  const { callers, anyQuery = false, request } = route
  const middleware: MiddlewareHandler[] = [
    ...(callers === 'anyone' ? [] : [acceptCallers(callers)]),
    ...(anyQuery ? [] : [knownQuery(namesOf(request?.query))]),
    ...(request?.body === undefined ? [] : [jsonBodyOnly]),
  ]
  // Fields that only this function reads are no part of the OpenAPI document.
  for (const name of ['callers', 'anyQuery'])
    Object.defineProperty(route, name, { enumerable: false })
  // Added in place: the type of the route, from which its handler's type follows, stays as it is written.
  return describeRoute<Route['path'], Route>(
    Object.assign(route, {
      security: securityOf(callers),
      middleware,
      ...(isForUser(callers) && { parameters: [USER_ID_PARAMETER] }),
    }),
  )
}

/** @throws if the schema of a query is not an object: its names would be unknown. */
function namesOf(query: unknown): string[] {
  if (query === undefined) return []
  if (query instanceof z.ZodObject) return Object.keys(query.shape)
  throw new Error('the query of a route must be an object')
}
