import type { Server, ServerResponse } from 'node:http'

/**
 * Lets a server stop without waiting for callers that keep their connections. After `drain` it takes no new connection, says
 * `Connection: close` in each answer that has not begun, and closes every connection as soon as it is idle.
 *
 * @returns `drain`, which resolves when the last connection is closed. It waits for requests that are being answered.
 */
export function drainable(server: Server): { readonly drain: () => Promise<void> } {
  const unanswered = new Set<ServerResponse>()
  let isDraining = false
  server.prependListener('request', (_incoming, outgoing: ServerResponse) => {
    if (isDraining) announceClose(outgoing)
    unanswered.add(outgoing)
    outgoing.once('close', () => {
      unanswered.delete(outgoing)
      // An answer that had begun before could not announce it.
      if (isDraining) server.closeIdleConnections()
    })
  })
  return {
    drain: () =>
      new Promise((resolve) => {
        isDraining = true
        for (const outgoing of unanswered) announceClose(outgoing)
        server.close(() => resolve())
      }),
  }
}

type Announcing = {
  readonly headersSent: boolean
  setHeader(name: string, value: string): unknown
}

/** Node closes the connection after an answer with this header. */
export function announceClose(outgoing: Announcing): void {
  if (!outgoing.headersSent) outgoing.setHeader('Connection', 'close')
}
