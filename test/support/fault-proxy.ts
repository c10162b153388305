import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request. `cut` breaks the connection: before the server heard it, after it did, or in its answer. */
export type WireFault =
  | 'cut before'
  | 'cut after'
  | 'cut in the answer'
  | 'no answer'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export type FaultProxy = {
  readonly url: string
  /** The next requests meet these, in order; those after them get through. */
  readonly next: (...faults: WireFault[]) => void
  /** From now on every request meets what this answers for it. */
  readonly always: (fault: () => WireFault | undefined) => void
  /** What came, in order. */
  readonly seen: { readonly operation: string; readonly key: string | undefined }[]
  readonly close: () => Promise<void>
}

/** A wire to an HTTP server that fails as it is told. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const faults: WireFault[] = []
  const state: { always: () => WireFault | undefined } = { always: () => undefined }
  const seen: FaultProxy['seen'] = []
  const server = createServer((incoming, outgoing) => {
    seen.push({
      operation: `${incoming.method} ${incoming.url}`,
      key: incoming.headers['idempotency-key']?.toString(),
    })
    void answer(target, incoming, outgoing, faults.shift() ?? state.always())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    next: (...given) => void faults.push(...given),
    always: (fault) => {
      state.always = fault
    },
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: WireFault | undefined,
): Promise<void> {
  const body = await bytesOf(incoming)
  if (fault === 'cut before') return void incoming.socket.destroy()
  if (typeof fault === 'object')
    return void outgoing.writeHead(fault.status, fault.headers).end(fault.body)
  const upstream = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: { ...incoming.headers, connection: 'close' },
  })
  upstream.end(body)
  const [reply] = (await once(upstream, 'response')) as [IncomingMessage]
  const answered = await bytesOf(reply)
  // The caller may have given up meanwhile.
  if (fault === 'no answer' || incoming.socket.destroyed) return
  if (fault === 'cut after') return void incoming.socket.destroy()
  const { 'transfer-encoding': _, connection: __, ...headers } = reply.headers
  outgoing.writeHead(reply.statusCode ?? 500, { ...headers, 'content-length': answered.length })
  if (fault === undefined) return void outgoing.end(answered)
  outgoing.write(answered.subarray(0, answered.length / 2), () => incoming.socket.destroy())
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
