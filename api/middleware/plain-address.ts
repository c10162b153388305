import { createMiddleware } from 'hono/factory'
import { NOT_PLAIN_TEXT } from '../../domain/text.ts'
import type { ApiEnvironment } from '../environment.ts'
import { isPlainEncoded } from '../percent-encoding.ts'
import { problem } from '../problem.ts'

/** Refuses an address whose path or query is no plain text after percent-decoding: no text from it may reach the database. */
export const plainAddress = createMiddleware<ApiEnvironment>(async (c, next) => {
  const { url } = c.req
  if (!url.includes('%')) return next()
  const field = wrongPart(new URL(url))
  if (field === undefined) return next()
  const detail = `${NOT_PLAIN_TEXT}, percent-encoded in UTF-8`
  return problem(c, 'invalid_request', `\`${field}\` ${detail}.`, { errors: [{ field, detail }] })
})

/** @returns `path`, the name of a query parameter, or `query` if the name itself is wrong. */
function wrongPart({ pathname, search }: URL): string | undefined {
  if (!isPlainEncoded(pathname)) return 'path'
  const pair = search
    .slice(1)
    .split('&')
    .find((each) => !isPlainEncoded(each))
  if (pair === undefined) return undefined
  const [name = ''] = pair.split('=')
  return isPlainEncoded(name) ? decodeURIComponent(name) : 'query'
}
