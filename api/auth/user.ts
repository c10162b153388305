import type { Context } from 'hono'
import { userId } from '../../domain/ids.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { hasScope } from './caller.ts'

/** Who may ask: applications for their users, users for themselves, and who only reads for either. */
const MAY = {
  /** What counts usage is trusted with the numbers, so users do not. */
  application: {
    token: false,
    scopes: ['app'],
    missing: 'This needs a key with the scope `app`; a user’s token cannot count usage.',
  },
  user: {
    token: true,
    scopes: ['app'],
    missing: 'This needs a key with the scope `app`, or the user’s own token.',
  },
  reader: {
    token: true,
    scopes: ['app', 'read'],
    missing: 'This needs a key with the scope `app` or `read`, or the user’s own token.',
  },
} as const

/** The user whom a request is for; or the answer that says what is missing. */
const asked = (who: keyof typeof MAY) => (c: Context<ApiEnvironment>) => {
  const caller = c.get('caller')
  const { token, scopes, missing } = MAY[who]
  const may = caller.kind === 'user_token' ? token : scopes.some((scope) => hasScope(caller, scope))
  if (!may) return { kind: 'refused' as const, answer: problem(c, 'forbidden', missing) }
  if (caller.userId === null)
    return {
      kind: 'refused' as const,
      answer: problem(c, 'user_missing', 'Name the user in the header `X-User-Id`.', {
        errors: [{ field: 'X-User-Id', detail: 'required' }],
      }),
    }
  return {
    kind: 'user' as const,
    userId: userId(caller.userId),
    actor: hasScope(caller, 'operator') ? ('operator' as const) : ('user' as const),
  }
}

/** For what an application alone may do, for a user that it names. */
export const applicationOf = asked('application')
/** For what a user may do as well. */
export const userOf = asked('user')
/** For what changes nothing. */
export const readerOf = asked('reader')
