import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { ApiEnvironment } from './environment.ts'

/** A document that is the same for every caller as long as this process runs. */
export type Prepared = {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  /** A strong validator: the hash of the body, in quotes. */
  readonly etag: string
}

/** Prepares a document once, so that a request for it costs no more than sending it. */
export function prepare(content: string | Uint8Array, type: string): Prepared {
  const body = new Uint8Array(Buffer.from(content))
  const hash = createHash('sha256').update(body).digest('base64url')
  return { body, type, etag: `"${hash}"` }
}

/** Seconds for which a browser or a proxy may use its copy without asking. A deploy may change the document. */
const FRESH_SECONDS = 300

/** Answers with the document, or with 304 if the caller has it already. */
export function answerPrepared(c: Context<ApiEnvironment>, { body, type, etag }: Prepared) {
  const headers = { etag, 'cache-control': `public, max-age=${FRESH_SECONDS}` }
  const known = c.req.header('if-none-match')?.split(',') ?? []
  const isKnown = known.some((each) => [etag, `W/${etag}`, '*'].includes(each.trim()))
  return isKnown
    ? c.body(null, 304, headers)
    : c.body(body, 200, { ...headers, 'content-type': type })
}
