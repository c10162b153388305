import type { IncomingHttpHeaders } from 'node:http'
import { isUserId, userId } from '../../domain/ids.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import type { ApiDependencies } from '../environment.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency.ts'
import { answerPlainly, take, type ShortCut } from './short-cut.ts'
import { CONSUME } from '../usage/consume.ts'
import { count, countingSchema } from '../usage/counting.ts'
import { RELEASE } from '../usage/release.ts'

/** A body that a plain request can have; a longer one is for the ordinary chain to judge. */
const BODY_MAX_BYTES = 1_024
const MEDIA_TYPE = /^application\/json\b/i

type Counting = {
  readonly dependencies: ApiDependencies
  readonly basePath: string
  readonly findKey: FindApiKey
  readonly spend: SpendCall
}

/** The calls that an application puts before each of its own requests: plain with a known key and a small, valid body. */
export function usageShortCut(counting: Counting): ShortCut {
  const signs = new Map(
    [CONSUME, RELEASE].map(({ path, sign }) => [counting.basePath + path, sign]),
  )
  return (incoming, outgoing) => {
    const sign = incoming.method === 'POST' ? signs.get(incoming.url ?? '') : undefined
    const plain = sign && plainHeaders(incoming.headers)
    return (
      plain &&
      take(incoming, async (body) => {
        const counted = await carryOut(counting, { ...plain, sign }, body)
        if (counted === undefined) return false
        answerPlainly(incoming, outgoing, counted.answer, counted.headers)
        return true
      })
    )
  }
}

type PlainHeaders = {
  readonly presented: string
  readonly user: string
  readonly key: string | undefined
}

/** Who asks, for whom and under which key; undefined when a request cannot be plain. */
function plainHeaders(headers: IncomingHttpHeaders): PlainHeaders | undefined {
  const presented = bearerOf(headers.authorization)
  const { 'x-user-id': user, 'idempotency-key': key } = headers
  const isPlain =
    presented !== undefined &&
    // A browser's call needs what the chain adds for it.
    headers.origin === undefined &&
    typeof user === 'string' &&
    isUserId(user) &&
    (key === undefined ||
      (typeof key === 'string' &&
        key.length > 0 &&
        key.length <= IDEMPOTENCY_KEY_MAX_CHARACTERS &&
        isCallersKey(key))) &&
    // No length is NaN, and lies within no bound.
    Number(headers['content-length']) <= BODY_MAX_BYTES &&
    MEDIA_TYPE.test(headers['content-type'] ?? '')
  return isPlain ? { presented, user, key } : undefined
}

/** Undefined for what is not plain. */
async function carryOut(
  { dependencies, findKey, spend }: Counting,
  { presented, user, key, sign }: PlainHeaders & { readonly sign: 1 | -1 },
  body: Buffer,
): Promise<{ readonly answer: string; readonly headers: readonly string[] } | undefined> {
  const known = await findKey(presented)
  const request = countingSchema.safeParse(parsed(body))
  if (known?.scopes.includes('app') !== true || !request.success) return undefined
  const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
  const spent = await spend(caller)
  if (spent.kind === 'over') return undefined
  const asked = { userId: userId(user), key, request: request.data }
  const view = await count(dependencies, sign, asked)
  return view && { answer: JSON.stringify(view), headers: Object.entries(spent.headers).flat() }
}

/** Undefined for what is no JSON: the chain says so. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
