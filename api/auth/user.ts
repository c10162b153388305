import type { Context } from 'hono'
import { userId } from '../../domain/ids.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { hasScope } from './caller.ts'

/** Which callers a call accepts. */
const ACCEPTED = {
  /** Users must not count their own usage. */
  application: {
    token: false,
    scopes: ['app'],
    required:
      'This call requires an API key with the scope `app`. A user’s token cannot count usage.',
  },
  user: {
    token: true,
    scopes: ['app'],
    required: 'This call requires an API key with the scope `app`, or the user’s own token.',
  },
  reader: {
    token: true,
    scopes: ['app', 'read'],
    required:
      'This call requires an API key with the scope `app` or `read`, or the user’s own token.',
  },
} as const

/** The user of a request, or the response to a caller that is not accepted. */
const userFor = (kind: keyof typeof ACCEPTED) => (c: Context<ApiEnvironment>) => {
  const caller = c.get('caller')
  const { token, scopes, required } = ACCEPTED[kind]
  const isAccepted =
    caller.kind === 'user_token' ? token : scopes.some((scope) => hasScope(caller, scope))
  if (!isAccepted) return { kind: 'refused' as const, answer: problem(c, 'forbidden', required) }
  if (caller.userId === null)
    return {
      kind: 'refused' as const,
      answer: problem(c, 'user_missing', 'Send the user’s id in the header `X-User-Id`.', {
        errors: [{ field: 'X-User-Id', detail: 'required' }],
      }),
    }
  return {
    kind: 'user' as const,
    userId: userId(caller.userId),
    actor: hasScope(caller, 'operator') ? ('operator' as const) : ('user' as const),
  }
}

/** For calls that only an application may make, for one of its users. */
export const applicationOf = userFor('application')
/** For calls that an application or the user may make. */
export const userOf = userFor('user')
/** For calls that only read. */
export const readerOf = userFor('reader')
