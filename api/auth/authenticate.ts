import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import type { FindApiKey } from './api-key.ts'
import type { Caller } from './caller.ts'
import type { SpendCall } from './rate-limit.ts'
import { USER_ID_RULE, userIdOfHeader } from './user-id-header.ts'
import { isUserToken, type VerifyUserToken } from './user-token.ts'

/** The key or token of a header `Authorization: Bearer <key or token>`. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]

/** How keys and tokens are looked up, verified and limited. */
export type Authentication = {
  readonly findKey: FindApiKey
  readonly verifyToken: VerifyUserToken
  readonly spend: SpendCall
  readonly logger: Logger
}

/** Requires a valid API key or user's token, and enforces its rate limit. */
export const authenticate = (authentication: Authentication) =>
  createMiddleware<ApiEnvironment>(async (c, next) => {
    const presented = bearerOf(c.req.header('authorization'))
    if (presented === undefined)
      return problem(
        c,
        'unauthenticated',
        'Send an API key or a user’s token in the header `Authorization: Bearer <key or token>`.',
      )
    const known = isUserToken(presented)
      ? await callerOfToken(authentication, c, presented)
      : await callerOfKey(authentication, c, presented)
    if (known.kind === 'refused') return known.answer
    const { kind, headers, resetsIn } = await authentication.spend(known.caller)
    if (kind === 'over')
      return problem(
        c,
        'rate_limited',
        `Nothing was changed. Repeat the request in ${resetsIn} s.`,
        {
          headers: { ...headers, 'Retry-After': String(resetsIn) },
        },
      )
    c.set('caller', known.caller)
    await next()
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    return undefined
  })

/** Lets everybody through, and knows the caller of a request that names one. A wrong key is refused, not ignored. */
export const recognize = (authentication: Authentication) => {
  const known = authenticate(authentication)
  return createMiddleware<ApiEnvironment>((c, next) =>
    c.req.header('authorization') ? known(c, next) : next(),
  )
}

type Known =
  | { readonly kind: 'known'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly answer: Response }

async function callerOfKey(
  { findKey }: Authentication,
  c: Context<ApiEnvironment>,
  presented: string,
): Promise<Known> {
  const key = await findKey(presented)
  if (key === undefined)
    return refused(problem(c, 'unauthenticated', 'The API key is unknown, expired or revoked.'))
  const header = c.req.header('x-user-id')
  const userId = header === undefined ? null : userIdOfHeader(header)
  if (userId === undefined)
    return refused(
      problem(c, 'invalid_request', `The header X-User-Id must have ${USER_ID_RULE}.`, {
        errors: [{ field: 'X-User-Id', detail: USER_ID_RULE }],
      }),
    )
  return { kind: 'known', caller: { kind: 'key', keyId: key.id, scopes: key.scopes, userId } }
}

async function callerOfToken(
  { verifyToken, logger }: Authentication,
  c: Context<ApiEnvironment>,
  presented: string,
): Promise<Known> {
  const outcome = await verifyToken(presented)
  if (outcome.kind === 'unavailable') {
    logger.warn(
      { err: outcome.cause, requestId: c.get('requestId') },
      'the keys of the token issuer cannot be read',
    )
    return refused(
      problem(
        c,
        'identity_provider_unavailable',
        'Nothing was changed. Repeat the request in a moment.',
      ),
    )
  }
  if (outcome.kind === 'refused') return refused(problem(c, 'unauthenticated', outcome.detail))
  const { userId, email } = outcome
  // A caller that sends both wants to act for another user.
  if (c.req.header('x-user-id') !== undefined)
    return refused(
      problem(c, 'invalid_request', 'A user’s token acts only for its own user.', {
        errors: [{ field: 'X-User-Id', detail: 'only with an API key' }],
      }),
    )
  return { kind: 'known', caller: { kind: 'user_token', userId, email } }
}

const refused = (answer: Response): Known => ({ kind: 'refused', answer })
