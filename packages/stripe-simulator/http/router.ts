import type { Ids, Operation } from './operation.ts'
import { Refusal } from './refusal.ts'

/** Finds the operation of a request, with the ids of its path. @throws Refusal (404) for an unknown path. */
export type Router = {
  readonly find: (
    method: string,
    path: string,
  ) => { readonly operation: Operation; readonly ids: Ids }
}

type Route = { readonly operation: Operation; readonly segments: readonly string[] }

/** Routes requests. The first operation that matches wins: put fixed paths before those with a colon. */
export function createRouter(operations: readonly Operation[]): Router {
  const routes = new Map<string, Route[]>()
  for (const operation of operations) {
    const segments = operation.path.split('/')
    const shape = `${operation.method} ${segments.length}`
    routes.set(shape, [...(routes.get(shape) ?? []), { operation, segments }])
  }
  return {
    find(method, path) {
      const given = path.split('/')
      for (const { operation, segments } of routes.get(`${method} ${given.length}`) ?? []) {
        const ids = match(segments, given)
        if (ids !== undefined) return { operation, ids }
      }
      throw unrecognised(method, path)
    },
  }
}

function match(segments: readonly string[], given: readonly string[]): Ids | undefined {
  const ids: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith(':')) ids[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return ids
}

function unrecognised(method: string, path: string): Refusal {
  return new Refusal({
    status: 404,
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). Please see https://docs.stripe.com or the simulator's README for what it models.`,
  })
}
