import { randomUUID } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy before the simulator that replaces each idempotency key: Stripe recognizes no retry. */
export function randomKeys() {
  let close = () => undefined as void
  return {
    close: () => close(),
    through: async (simulatorUrl: string): Promise<string> => {
      const { hostname, port } = new URL(simulatorUrl)
      const server = createServer((received, answer) => {
        const headers = { ...received.headers }
        if (headers['idempotency-key'] !== undefined) headers['idempotency-key'] = randomUUID()
        const { method, url: path } = received
        const onward = request({ hostname, port, method, path, headers }, (reply) => {
          answer.writeHead(reply.statusCode ?? 500, reply.headers)
          reply.pipe(answer)
          reply.once('error', () => answer.destroy())
        })
        // If the simulator breaks the connection, so does the proxy.
        onward.once('error', () => answer.destroy())
        received.pipe(onward)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      close = () => {
        server.close()
        server.closeAllConnections()
      }
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
  }
}
