import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'

/** A request as the application's server received it. */
export type Received = {
  readonly id: string
  readonly body: any
  readonly text: string
  readonly headers: Record<string, string>
  /** @throws if this secret did not sign it. */
  readonly verify: (secret: string) => unknown
}

/** The receiver's behaviour: a status to answer, or a fault. */
export type Behaviour = number | ((to: ServerResponse, got: Received) => void | Promise<void>)

export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** Sets the behaviour from now on; the default answers 204. */
  readonly behaves: (behaviour: (got: Received) => Behaviour) => void
  readonly close: () => Promise<void>
}

/** An application's server, whose faults a test controls. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let behave: (got: Received) => Behaviour = () => 204
  const server = createServer((from, to) => {
    void take(from).then(async (got) => {
      received.push(got)
      const behaviour = behave(got)
      if (typeof behaviour === 'number') return to.writeHead(behaviour).end()
      return behaviour(to, got)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port')
  return {
    url: `http://127.0.0.1:${address.port}/hooks`,
    received,
    behaves: (behaviour) => {
      behave = behaviour
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function take(from: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of from) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const headers = Object.fromEntries(
    Object.entries(from.headers).map(([name, value]) => [name, String(value)]),
  )
  return {
    id: headers['webhook-id'] ?? '',
    body: JSON.parse(text),
    text,
    headers,
    verify: (secret) => new Webhook(secret).verify(text, headers),
  }
}
