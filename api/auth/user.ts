import type { Context } from 'hono'
import { userId, type UserId } from '../../domain/ids.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

/** The user whom a request is for; or the answer that says what is missing. */
export function userOf(c: Context<ApiEnvironment>) {
  const caller = c.get('caller')
  if (!caller.scopes.includes('app'))
    return {
      kind: 'refused' as const,
      answer: problem(c, 'forbidden', 'This needs a key with the scope `app`.'),
    }
  if (caller.userId === null)
    return {
      kind: 'refused' as const,
      answer: problem(c, 'user_missing', 'Name the user in the header `X-User-Id`.', {
        errors: [{ field: 'X-User-Id', detail: 'required' }],
      }),
    }
  return {
    kind: 'user' as const,
    userId: userId(caller.userId) satisfies UserId,
    actor: caller.scopes.includes('operator') ? ('operator' as const) : ('user' as const),
  }
}
