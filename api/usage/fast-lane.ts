import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { isUserId, userId } from '../../domain/ids.ts'
import { isCallersKey } from '../../domain/usage.ts'
import type { FindApiKey } from '../auth/api-key.ts'
import { bearerOf } from '../auth/authenticate.ts'
import type { SpendCall } from '../auth/rate-limit.ts'
import type { ApiDependencies } from '../environment.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency.ts'
import { SECURITY_HEADERS } from '../security-headers.ts'
import { CONSUME } from './consume.ts'
import { count, countingSchema } from './counting.ts'
import { RELEASE } from './release.ts'

/** A body that a plain request can have; a longer one is for the ordinary chain to judge. */
const BODY_MAX_BYTES = 1_024
const HEADERS = Object.entries({ ...SECURITY_HEADERS, 'Content-Type': 'application/json' }).flat()
/** What `hono/request-id` takes over from a caller. */
const REQUEST_ID = /^[\w\-=]{1,255}$/
const MEDIA_TYPE = /^application\/json\b/i

export type Lane = {
  readonly dependencies: ApiDependencies
  readonly basePath: string
  readonly findKey: FindApiKey
  readonly spend: SpendCall
}

/** What became of a request: done with, or for the chain, which is given the body that was read. */
export type Taken =
  | { readonly kind: 'done' }
  | { readonly kind: 'not_plain'; readonly body: Buffer }
  /** Perhaps it was counted, so the chain must not count it again: it only answers the failure. */
  | { readonly kind: 'failed'; readonly body: Buffer; readonly cause: unknown }

/**
 * Answers the plain case of the calls that an application puts before each of its own requests: a known key, a small
 * and valid body. The chain of middlewares and validators, and the web's own requests and answers below it, cost more
 * there than the decision itself. Whatever is not plain goes on to the chain, which alone refuses; so this holds no rule
 * of its own, and leaving it out changes nothing but speed.
 *
 * @returns nothing, at once, where the headers alone say that a request is not plain.
 */
export function fastLane(lane: Lane) {
  const signs = new Map([CONSUME, RELEASE].map(({ path, sign }) => [lane.basePath + path, sign]))
  return (incoming: IncomingMessage, outgoing: ServerResponse): Promise<Taken> | undefined => {
    const sign = incoming.method === 'POST' ? signs.get(incoming.url ?? '') : undefined
    const plain = sign && plainHeaders(incoming.headers)
    return plain && take(lane, incoming, outgoing, { ...plain, sign })
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

async function take(
  { dependencies, findKey, spend }: Lane,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { presented, user, key, sign }: PlainHeaders & { readonly sign: 1 | -1 },
): Promise<Taken> {
  const body = await bodyOf(incoming)
  // The caller went away in the middle of it.
  if (body === undefined) return { kind: 'done' }
  try {
    const known = await findKey(presented)
    const request = countingSchema.safeParse(parsed(body))
    if (known?.scopes.includes('app') !== true || !request.success)
      return { kind: 'not_plain', body }
    const caller = { kind: 'key', keyId: known.id, scopes: known.scopes, userId: user } as const
    const spent = await spend(caller)
    if (spent.kind === 'over') return { kind: 'not_plain', body }
    const asked = { userId: userId(user), key, request: request.data }
    const view = await count(dependencies, sign, asked)
    if (view === undefined) return { kind: 'not_plain', body }
    const answer = JSON.stringify(view)
    outgoing.writeHead(200, [
      ...HEADERS,
      ...Object.entries(spent.headers).flat(),
      'X-Request-Id',
      requestIdOf(incoming.headers['x-request-id']),
      'Content-Length',
      String(Buffer.byteLength(answer)),
    ])
    outgoing.end(answer)
    return { kind: 'done' }
  } catch (cause) {
    return { kind: 'failed', body, cause }
  }
}

const bodyOf = (incoming: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const [first, ...more] = chunks
      resolve(first !== undefined && more.length === 0 ? first : Buffer.concat(chunks))
    })
    // After the end it finds it resolved. Node tells who does not listen for errors nothing but this.
    incoming.on('close', () => resolve(undefined))
  })

const requestIdOf = (given: string | string[] | undefined) =>
  typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()

/** Undefined for what is no JSON: the chain says so. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
