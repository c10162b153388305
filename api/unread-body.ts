import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

type Incoming = Readable & { readonly headers: IncomingHttpHeaders }

/** Far above every body that we accept. A larger one ends its connection. */
const DROPPED_MAX_BYTES = 16 * 1_024 * 1_024
/** How long an answer waits for the rest of a body that nobody reads. 256 KiB arrive within it at 1 Mbit/s. */
const REST_MAX_MS = 2_000

/**
 * Reads and drops the rest of a body that no handler has read, before the answer is sent. The connection can then carry the next
 * request. Closing it on unread bytes would reset it, and the client would lose the answer or its next request.
 *
 * @returns false if the body did not end within `DROPPED_MAX_BYTES` and `REST_MAX_MS`: the connection must be closed.
 */
export async function dropUnreadBody(incoming: Incoming): Promise<boolean> {
  if (!hasBody(incoming) || incoming.readableEnded) return true
  // A reader that stopped halfway, such as a web stream, would pause the body again.
  incoming.removeAllListeners('data')
  return new Promise((resolve) => {
    let bytes = 0
    const finish = (isAtEnd: boolean) => {
      clearTimeout(timer)
      incoming.removeAllListeners('data')
      resolve(isAtEnd)
    }
    const timer = setTimeout(finish, REST_MAX_MS, false)
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > DROPPED_MAX_BYTES) finish(false)
    })
    incoming.once('end', () => finish(true))
    // Without a listener for `error`, Node reports a broken connection only by `close`.
    incoming.once('close', () => finish(false))
    incoming.resume()
  })
}

const hasBody = ({ headers }: Incoming): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
