import type { IncomingHttpHeaders } from 'node:http'
import { userId } from '../../domain/ids.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import { userIdOfHeader } from '../auth/user-id-header.ts'
import type { ApiDependencies } from '../environment.ts'
import { isIdempotencyKey } from '../idempotency.ts'
import { isJson, readJsonBody } from '../json-body.ts'
import { CONSUME } from '../usage/consume.ts'
import { count, countingSchema } from '../usage/counting.ts'
import { repeatedHeader } from '../repeated-header.ts'
import { RELEASE } from '../usage/release.ts'
import { readAndAnswer, sendJson, type ShortCut } from './short-cut.ts'

/** Longer than any usual body. The app checks longer ones. */
const BODY_MAX_BYTES = 1_024

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
    if (sign === undefined || repeatedHeader(incoming) !== undefined) return undefined
    const headers = simpleHeaders(incoming.headers)
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
  const { 'x-user-id': userHeader, 'idempotency-key': idempotencyKey } = headers
  const user = typeof userHeader === 'string' ? userIdOfHeader(userHeader) : undefined
  const isSimple =
    apiKey !== undefined &&
    // Requests from a browser need the app's CORS headers.
    headers.origin === undefined &&
    user !== undefined &&
    (idempotencyKey === undefined ||
      (typeof idempotencyKey === 'string' &&
        isIdempotencyKey(idempotencyKey) &&
        isCallersKey(idempotencyKey))) &&
    // A missing length is NaN, which no limit allows.
    Number(headers['content-length']) <= BODY_MAX_BYTES &&
    isJson(headers['content-type'], headers['content-encoding'])
  return isSimple ? { apiKey, user, idempotencyKey } : undefined
}

/** Resolves to undefined, with nothing counted, if the app must answer. */
async function carryOut(
  { dependencies, findKey, spend }: Counting,
  { apiKey, user, idempotencyKey, sign }: SimpleHeaders & { readonly sign: 1 | -1 },
  body: Buffer,
): Promise<{ readonly json: string; readonly headers: readonly string[] } | undefined> {
  const known = await findKey(apiKey)
  const read = readJsonBody(body)
  if (read.kind !== 'read') return undefined
  const request = countingSchema.safeParse(read.value)
  if (known?.scopes.includes('app') !== true || !request.success) return undefined
  const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
  const spent = await spend(caller)
  if (spent.kind === 'over') return undefined
  const usage = { userId: userId(user), key: idempotencyKey, request: request.data }
  const counted = await count(dependencies, sign, usage)
  if (counted.kind !== 'counted') return undefined
  return { json: JSON.stringify(counted.view), headers: Object.entries(spent.headers).flat() }
}
