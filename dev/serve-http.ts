import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves an app on 127.0.0.1. Resolves when it listens, rejects if the port is in use. */
export async function serveHttp(app: Hono, port: number): Promise<{ close: () => Promise<void> }> {
  const listener = getRequestListener(app.fetch)
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // An open page keeps its connection; closing must not wait for it.
        server.closeAllConnections()
      }),
  }
}
