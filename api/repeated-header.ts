import type { IncomingMessage } from 'node:http'

/** Headers with one value. Node joins the values of a header that was sent twice: two users would become a third one. */
const SINGLE = ['X-User-Id', 'Idempotency-Key'] as const

/** @returns the first header of `SINGLE` that a request has more than once. */
export const repeatedHeader = ({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): string | undefined =>
  SINGLE.find((name) => {
    const key = name.toLowerCase()
    // Only joined values have a comma, so most requests need no search.
    if (headers[key]?.includes(',') !== true) return false
    return rawHeaders.filter((each, at) => at % 2 === 0 && each.toLowerCase() === key).length > 1
  })
