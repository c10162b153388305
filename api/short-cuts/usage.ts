import type { IncomingHttpHeaders } from 'node:http'
import { isUserId, userId } from '../../domain/ids.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import type { ApiDependencies } from '../environment.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency.ts'
import { CONSUME } from '../usage/consume.ts'
import { count, countingSchema } from '../usage/counting.ts'
import { RELEASE } from '../usage/release.ts'
import { readAndAnswer, sendJson, type ShortCut } from './short-cut.ts'

/** Longer than any usual body. The app checks longer ones. */
const BODY_MAX_BYTES = 1_024
const MEDIA_TYPE = /^application\/json\b/i

type Counting = {
  readonly dependencies: ApiDependencies
  readonly basePath: string
  readonly findKey: FindApiKey
  readonly spend: SpendCall
}

/** Answers `consume` and `release`, which applications call for each of their own requests. */
export function usageShortCut(counting: Counting): ShortCut {
  const signs = new Map(
    [CONSUME, RELEASE].map(({ path, sign }) => [counting.basePath + path, sign]),
  )
  return (incoming, outgoing) => {
    const sign = incoming.method === 'POST' ? signs.get(incoming.url ?? '') : undefined
    const headers = sign && simpleHeaders(incoming.headers)
    return (
      headers &&
      readAndAnswer(incoming, async (body) => {
        const counted = await carryOut(counting, { ...headers, sign }, body)
        if (counted === undefined) return false
        sendJson(incoming, outgoing, counted.json, counted.headers)
        return true
      })
    )
  }
}

type SimpleHeaders = {
  readonly apiKey: string
  readonly user: string
  readonly idempotencyKey: string | undefined
}

/** The headers of a call by an application; undefined if the app must answer. */
function simpleHeaders(headers: IncomingHttpHeaders): SimpleHeaders | undefined {
  const apiKey = bearerOf(headers.authorization)
  const { 'x-user-id': user, 'idempotency-key': idempotencyKey } = headers
  const isSimple =
    apiKey !== undefined &&
    // Requests from a browser need the app's CORS headers.
    headers.origin === undefined &&
    typeof user === 'string' &&
    isUserId(user) &&
    (idempotencyKey === undefined ||
      (typeof idempotencyKey === 'string' &&
        idempotencyKey.length > 0 &&
        idempotencyKey.length <= IDEMPOTENCY_KEY_MAX_CHARACTERS &&
        isCallersKey(idempotencyKey))) &&
    // A missing length is NaN, which no limit allows.
    Number(headers['content-length']) <= BODY_MAX_BYTES &&
    MEDIA_TYPE.test(headers['content-type'] ?? '')
  return isSimple ? { apiKey, user, idempotencyKey } : undefined
}

/** Resolves to undefined, with nothing counted, if the app must answer. */
async function carryOut(
  { dependencies, findKey, spend }: Counting,
  { apiKey, user, idempotencyKey, sign }: SimpleHeaders & { readonly sign: 1 | -1 },
  body: Buffer,
): Promise<{ readonly json: string; readonly headers: readonly string[] } | undefined> {
  const known = await findKey(apiKey)
  const request = countingSchema.safeParse(parseJson(body))
  if (known?.scopes.includes('app') !== true || !request.success) return undefined
  const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
  const spent = await spend(caller)
  if (spent.kind === 'over') return undefined
  const usage = { userId: userId(user), key: idempotencyKey, request: request.data }
  const view = await count(dependencies, sign, usage)
  return view && { json: JSON.stringify(view), headers: Object.entries(spent.headers).flat() }
}

/** The value of a JSON body; undefined if it is not valid JSON. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
