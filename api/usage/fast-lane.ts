import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { isUserId, userId } from '../../domain/ids.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency.ts'
import { SECURITY_HEADERS } from '../security-headers.ts'
import { CONSUME } from './consume.ts'
import { count, countingSchema } from './counting.ts'
import { RELEASE } from './release.ts'

/** A body that a plain request can have; a longer one is for the ordinary chain to judge. */
const BODY_MAX_BYTES = 1_024
const HEADERS = { ...SECURITY_HEADERS, 'Content-Type': 'application/json' }
/** What `hono/request-id` takes over from a caller. */
const REQUEST_ID = /^[\w\-=]{1,255}$/
const MEDIA_TYPE = /^application\/json\b/i

type Lane = {
  readonly dependencies: ApiDependencies
  readonly findKey: FindApiKey
  readonly spend: SpendCall
}

/**
 * Answers the plain case of the calls that an application puts before each of its own requests: a known key, a small
 * and valid body. The chain of middlewares and validators costs more there than the decision itself. Whatever is not
 * plain goes on to the chain, which alone refuses; so this holds no rule of its own, and leaving it out changes nothing
 * but speed.
 */
export function fastLane(lane: Lane): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>()
  for (const { path, sign } of [CONSUME, RELEASE]) {
    app.post(path, async (c, next) => {
      const requestId = requestIdOf(c.req.header('x-request-id'))
      try {
        const plain = await plainRequest(lane, c)
        const view = plain && (await count(lane.dependencies, sign, plain))
        if (view !== undefined)
          return new Response(JSON.stringify(view), {
            headers: { ...HEADERS, ...plain?.headers, 'X-Request-Id': requestId },
          })
      } catch (error) {
        // Perhaps it was counted, so the chain must not count it again: the failure is answered as the chain would.
        c.set('requestId', requestId)
        c.header('X-Request-Id', requestId)
        for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value)
        throw error
      }
      return next()
    })
  }
  return app
}

/** What a plain request asks for; undefined for any other. */
async function plainRequest({ findKey, spend }: Lane, { req }: Context<ApiEnvironment>) {
  const presented = bearerOf(req.header('authorization'))
  const user = req.header('x-user-id')
  const key = req.header('idempotency-key')
  const length = Number(req.header('content-length'))
  const isPlain =
    presented !== undefined &&
    // A browser's call needs what the chain adds for it.
    req.header('origin') === undefined &&
    user !== undefined &&
    isUserId(user) &&
    (key === undefined || (key.length > 0 && key.length <= IDEMPOTENCY_KEY_MAX_CHARACTERS)) &&
    // No length is NaN, and lies within no bound.
    length <= BODY_MAX_BYTES &&
    MEDIA_TYPE.test(req.header('content-type') ?? '')
  if (!isPlain) return undefined
  const known = await findKey(presented)
  if (known?.scopes.includes('app') !== true) return undefined
  const body = countingSchema.safeParse(parsed(await req.text()))
  if (!body.success) return undefined
  const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
  const { kind, headers } = await spend(caller)
  if (kind === 'over') return undefined
  return { userId: userId(user), key, request: body.data, headers }
}

const requestIdOf = (given: string | undefined) =>
  given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()

/** Undefined for what is no JSON: the chain says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
