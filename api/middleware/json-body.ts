import { createMiddleware } from 'hono/factory'
import { NOT_PLAIN_TEXT } from '../../domain/text.ts'
import type { ApiEnvironment } from '../environment.ts'
import { isJson, readJsonBody } from '../json-body.ts'
import { problem } from '../problem.ts'

/** Refuses a body that is missing, no JSON, or has a text that cannot be stored or sent. A missing body does not count as `{}`. */
export const jsonBodyOnly = createMiddleware<ApiEnvironment>(async (c, next) => {
  if (!isJson(c.req.header('content-type'), c.req.header('content-encoding')))
    return problem(
      c,
      'unsupported_media_type',
      'Send a JSON body in UTF-8 with the header `Content-Type: application/json`.',
    )
  const read = readJsonBody(new Uint8Array(await c.req.arrayBuffer()))
  if (read.kind === 'malformed') return problem(c, 'malformed_json', read.detail)
  if (read.kind === 'wrong_text')
    return problem(c, 'invalid_request', `\`${read.field}\` ${NOT_PLAIN_TEXT}.`, {
      errors: [{ field: read.field, detail: NOT_PLAIN_TEXT }],
    })
  // The validator of the route gets the value that was checked. It would read a byte order mark differently.
  Object.assign(c.req, { json: () => Promise.resolve(read.value) })
  return next()
})
