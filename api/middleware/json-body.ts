import type { Context, Next } from 'hono'
import { createMiddleware } from 'hono/factory'
import { NOT_PLAIN_TEXT } from '../../domain/text.ts'
import { createBodyTurns, LARGE_BODY_MIN_BYTES } from '../body-turns.ts'
import type { ApiEnvironment } from '../environment.ts'
import { isJson, readJsonBody } from '../json-body.ts'
import { problem } from '../problem.ts'

/** One for the process, because it has one event loop. */
const inTurn = createBodyTurns()

/** Refuses a body that is missing, no JSON, or has a text that cannot be stored or sent. A missing body does not count as `{}`. */
export const jsonBodyOnly = createMiddleware<ApiEnvironment>(async (c, next) => {
  if (!isJson(c.req.header('content-type'), c.req.header('content-encoding')))
    return problem(
      c,
      'unsupported_media_type',
      'Send a JSON body in UTF-8 with the header `Content-Type: application/json`.',
    )
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.length < LARGE_BODY_MIN_BYTES) return readBody(c, next, bytes)
  const done = await inTurn({ caller: nameOfCaller(c), bytes: bytes.length }, async () => {
    const refusal = await readBody(c, next, bytes)
    return { refusal, isRefused: (refusal ?? c.res).status >= 400 }
  })
  return done === 'too_many'
    ? problem(c, 'rate_limited', TOO_MANY, { headers: { 'retry-after': '1' } })
    : done.refusal
})

const TOO_MANY = 'Too many large bodies of one caller wait at once. Repeat the request.'

/** The user for whom a call acts, or the key. Users and keys do not share names. */
function nameOfCaller(c: Context<ApiEnvironment>): string {
  const { caller } = c.var
  // Calls that anyone may send have no caller.
  if (caller === undefined) return 'anyone'
  if (caller.userId !== null) return `user/${caller.userId}`
  return caller.kind === 'key' ? `key/${caller.keyId}` : 'anyone'
}

/** @returns the refusal; undefined after the rest of the route has answered */
async function readBody(c: Context<ApiEnvironment>, next: Next, bytes: Uint8Array) {
  const read = readJsonBody(bytes)
  if (read.kind === 'malformed') return problem(c, 'malformed_json', read.detail)
  if (read.kind === 'wrong_text')
    return problem(c, 'invalid_request', `\`${read.field}\` ${NOT_PLAIN_TEXT}.`, {
      errors: [{ field: read.field, detail: NOT_PLAIN_TEXT }],
    })
  // The validator of the route gets the value that was checked. It would read a byte order mark differently.
  Object.assign(c.req, { json: () => Promise.resolve(read.value) })
  await next()
  return undefined
}
