import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { hasScope } from './caller.ts'

/** Which callers a call accepts. Each call names one of these. */
const ACCEPTED = {
  /** Users must not count their own usage. */
  application: {
    token: false,
    scopes: ['app'],
    forUser: true,
    required:
      'This call requires an API key with the scope `app`. A user’s token cannot count usage.',
  },
  /** Users must not change the address that letters go to: it could be another person's, and it recognizes who had a trial. */
  customer: {
    token: false,
    scopes: ['app'],
    forUser: true,
    required:
      'This call requires an API key with the scope `app`. A user’s token cannot change the e-mail address or name.',
  },
  user: {
    token: true,
    scopes: ['app'],
    forUser: true,
    required: 'This call requires an API key with the scope `app`, or the user’s own token.',
  },
  reader: {
    token: true,
    scopes: ['app', 'read'],
    forUser: true,
    required:
      'This call requires an API key with the scope `app` or `read`, or the user’s own token.',
  },
  operatorForUser: {
    token: false,
    scopes: ['operator'],
    forUser: true,
    required: 'This call requires an API key with the scope `operator`.',
  },
  operator: {
    token: false,
    scopes: ['operator'],
    forUser: false,
    required: 'This call requires an API key with the scope `operator`.',
  },
} as const

/** `anyone` needs no key: the call is public, or its request is signed. */
export type Callers = keyof typeof ACCEPTED | 'anyone'

/** Whether the call acts for a user, whom an API key names in the header `X-User-Id`. */
export const isForUser = (callers: Callers): boolean =>
  callers !== 'anyone' && ACCEPTED[callers].forUser

/** The response to a caller that the call does not accept; undefined for an accepted one. */
export function refusalOfCaller(c: Context<ApiEnvironment>, callers: Exclude<Callers, 'anyone'>) {
  const caller = c.get('caller')
  const { token, scopes, forUser, required } = ACCEPTED[callers]
  const isAccepted =
    caller.kind === 'user_token' ? token : scopes.some((scope) => hasScope(caller, scope))
  if (!isAccepted) return problem(c, 'forbidden', required)
  if (forUser && caller.userId === null)
    return problem(c, 'user_missing', 'Send the user’s id in the header `X-User-Id`.', {
      errors: [{ field: 'X-User-Id', detail: 'required' }],
    })
  return undefined
}

/** Refuses callers before their request is read, so that a large or invalid body costs nothing. */
export const acceptCallers = (callers: Exclude<Callers, 'anyone'>) =>
  createMiddleware<ApiEnvironment>(async (c, next) => refusalOfCaller(c, callers) ?? next())

/** The `security` of a call in the OpenAPI document: API keys with their scopes, and users' tokens. */
export function securityOf(callers: Callers): Record<string, string[]>[] {
  if (callers === 'anyone') return []
  const { token, scopes } = ACCEPTED[callers]
  return [...scopes.map((scope) => ({ api_key: [scope] })), ...(token ? [{ user_token: [] }] : [])]
}
