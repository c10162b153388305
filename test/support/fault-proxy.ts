import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The fault for one request. `cut` breaks the connection: before the server gets it, after that, or during the answer. */
export type WireFault =
  | 'cut before'
  | 'cut after'
  | 'cut in the answer'
  | 'no answer'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

type Seen = {
  readonly operation: string
  readonly key: string | undefined
  /** The server's answer, if the request reached it and it has replied. */
  status?: number | undefined
}

export type FaultProxy = {
  readonly url: string
  /** Faults for the next requests, in order; later requests pass. */
  readonly next: (...faults: WireFault[]) => void
  /** From now on, this function chooses the fault for each request. */
  readonly always: (fault: () => WireFault | undefined) => void
  /** Received requests, in order. */
  readonly seen: Seen[]
  readonly close: () => Promise<void>
}

/** A proxy to an HTTP server that injects faults. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const faults: WireFault[] = []
  const state: { always: () => WireFault | undefined } = { always: () => undefined }
  const seen: FaultProxy['seen'] = []
  const server = createServer((incoming, outgoing) => {
    const one: Seen = {
      operation: `${incoming.method} ${incoming.url}`,
      key: incoming.headers['idempotency-key']?.toString(),
    }
    seen.push(one)
    const fault = faults.shift() ?? state.always()
    const meet = async () => {
      one.status = await answer(target, incoming, outgoing, fault)
    }
    void meet()
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
): Promise<number | undefined> {
  const body = await bytesOf(incoming)
  if (fault === 'cut before') {
    incoming.socket.destroy()
    return undefined
  }
  if (typeof fault === 'object') {
    outgoing.writeHead(fault.status, fault.headers).end(fault.body)
    return undefined
  }
  const upstream = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: { ...incoming.headers, connection: 'close' },
  })
  upstream.end(body)
  const [reply] = (await once(upstream, 'response')) as [IncomingMessage]
  const answered = await bytesOf(reply)
  const { statusCode = 500 } = reply
  // The caller may have disconnected meanwhile.
  if (fault === 'no answer' || incoming.socket.destroyed) return statusCode
  if (fault === 'cut after') {
    incoming.socket.destroy()
    return statusCode
  }
  const { 'transfer-encoding': _, connection: __, ...headers } = reply.headers
  outgoing.writeHead(statusCode, { ...headers, 'content-length': answered.length })
  if (fault === undefined) outgoing.end(answered)
  else outgoing.write(answered.subarray(0, answered.length / 2), () => incoming.socket.destroy())
  return statusCode
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
