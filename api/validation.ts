import type { Hook } from '@hono/zod-openapi'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'

/** Enough to correct a request; a body of a batch could have thousands. */
const ERRORS_MAX = 50

/** Answers an invalid request with `invalid_request`, which names each field and its error. */
export const validationHook: Hook<unknown, ApiEnvironment, string, unknown> = (result, c) => {
  if (result.success) return undefined
  const errors = result.error.issues.slice(0, ERRORS_MAX).flatMap((issue) => {
    const at = issue.path.map(String).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ field: key, detail: 'unknown field' }))
    return [{ field: at || result.target, detail: issue.message }]
  })
  const names = errors.map((error) => `\`${error.field}\``).join(', ')
  const leftOut = result.error.issues.length - ERRORS_MAX
  const more = leftOut > 0 ? ` ${leftOut} more problems were left out.` : ''
  return problem(c, 'invalid_request', `These fields are not valid: ${names}.${more}`, { errors })
}
