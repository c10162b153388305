import type { IncomingHttpHeaders } from 'node:http'
import { userId, type UserId } from '../../domain/ids.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import { userIdOfHeader } from '../auth/user-id-header.ts'
import type { ApiDependencies } from '../environment.ts'
import { isIdempotencyKey } from '../idempotency.ts'
import { isJson, readJsonBody } from '../json-body.ts'
import { check, CHECK_PATH, checkSchema } from '../usage/check.ts'
import { CONSUME } from '../usage/consume.ts'
import { count, countingSchema, type Counting } from '../usage/counting.ts'
import type { Caller as KeyCaller } from '../auth/caller.ts'
import { repeatedHeader } from '../repeated-header.ts'
import { RELEASE } from '../usage/release.ts'
import { readAndAnswer, sendJson, type ShortCut } from './short-cut.ts'

/** Longer than any usual body. The app checks longer ones. */
const BODY_MAX_BYTES = 1_024

type Calling = {
  readonly dependencies: ApiDependencies
  readonly basePath: string
  readonly findKey: FindApiKey
  readonly spend: SpendCall
}

/** Answers `consume`, `release` and `check`, which applications call for each of their own requests. */
export function usageShortCut(calling: Calling): ShortCut {
  const calls = new Map(
    [counts(CONSUME), counts(RELEASE), CHECKS].map((call) => [calling.basePath + call.path, call]),
  )
  return (incoming, outgoing) => {
    const call = incoming.method === 'POST' ? calls.get(incoming.url ?? '') : undefined
    if (call === undefined || repeatedHeader(incoming) !== undefined) return undefined
    const headers = simpleHeaders(incoming.headers)
    return (
      headers &&
      readAndAnswer(incoming, async (body) => {
        const answer = await carryOut(calling, call, headers, body)
        if (answer === undefined) return false
        sendJson(incoming, outgoing, answer.json, answer.headers)
        return true
      })
    )
  }
}

/** A call that the short cut knows. `prepare` is undefined for an invalid body; its result is undefined if the app must answer. */
type Call = {
  readonly path: string
  readonly prepare: (json: unknown) => ((of: Caller) => Promise<object | undefined>) | undefined
}
type Caller = {
  readonly dependencies: ApiDependencies
  readonly userId: UserId
  readonly caller: KeyCaller
  readonly idempotencyKey: string | undefined
}

const counts = ({ path, sign }: Counting): Call => ({
  path,
  prepare(json) {
    const request = countingSchema.safeParse(json)
    if (!request.success) return undefined
    return async ({ dependencies, userId: user, idempotencyKey: key }) => {
      const usage = { userId: user, key, request: request.data }
      const counted = await count(dependencies, sign, usage)
      return counted.kind === 'counted' ? counted.view : undefined
    }
  },
})

const CHECKS: Call = {
  path: CHECK_PATH,
  prepare(json) {
    const request = checkSchema.safeParse(json)
    if (!request.success) return undefined
    return async ({ dependencies, userId: user, caller }) => {
      const checked = await check(dependencies, { userId: user, caller }, request.data)
      return checked.kind === 'checked' ? checked.view : undefined
    }
  },
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
  { dependencies, findKey, spend }: Calling,
  { prepare }: Call,
  { apiKey, user, idempotencyKey }: SimpleHeaders,
  body: Buffer,
): Promise<{ readonly json: string; readonly headers: readonly string[] } | undefined> {
  const known = await findKey(apiKey)
  const read = readJsonBody(body)
  if (read.kind !== 'read') return undefined
  const run = prepare(read.value)
  if (known?.scopes.includes('app') !== true || run === undefined) return undefined
  const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
  const spent = await spend(caller)
  if (spent.kind === 'over') return undefined
  const view = await run({ dependencies, userId: userId(user), caller, idempotencyKey })
  if (view === undefined) return undefined
  return { json: JSON.stringify(view), headers: Object.entries(spent.headers).flat() }
}
