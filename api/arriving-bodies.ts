import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { WEBHOOK_BODY_MAX_BYTES } from './webhooks/stripe.ts'

/**
 * How long a request may take to arrive, headers and body. The largest body arrives within it at 1 Mbit/s. Node allows 300 s by
 * default, checks every 30 s, and answers 408.
 */
export const ARRIVAL = {
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
} as const

/** The most bytes of bodies that one process holds at once, of all callers together: a quarter of a small container. */
export const BODY_BYTES_MAX = 64 * 1_024 * 1_024

const CUT_OFF =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

/**
 * Bounds the memory for bodies that arrive. Above `BODY_BYTES_MAX` the oldest request whose body is still incomplete is cut off:
 * the others arrive within milliseconds, so a flood of unfinished bodies cuts off its own.
 */
export function boundArrivingBodies(server: Server): void {
  const bodies = new Map<IncomingMessage, number>()
  let bytes = 0
  const release = (incoming: IncomingMessage) => {
    bytes -= bodies.get(incoming) ?? 0
    bodies.delete(incoming)
  }
  server.prependListener('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const size = sizeOf(incoming)
    if (size === 0) return
    bodies.set(incoming, size)
    bytes += size
    outgoing.once('close', () => release(incoming))
    if (bytes <= BODY_BYTES_MAX) return
    // A map lists the oldest first.
    for (const each of bodies.keys()) {
      if (bytes <= BODY_BYTES_MAX) return
      if (each.complete) continue
      release(each)
      each.socket.end(CUT_OFF, () => each.destroy())
    }
  })
}

/** The bytes that a body may take. One of unknown length may take the most. Larger ones are refused and not read. */
const sizeOf = ({ headers }: IncomingMessage): number =>
  headers['transfer-encoding'] === undefined
    ? Math.min(Number(headers['content-length'] ?? 0), WEBHOOK_BODY_MAX_BYTES)
    : WEBHOOK_BODY_MAX_BYTES
