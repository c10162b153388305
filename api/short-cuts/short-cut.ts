import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SECURITY_HEADERS } from '../security-headers.ts'

/**
 * A lane answers the plain case of some call beneath the chain of middlewares and validators, and the web's own requests
 * and answers below it, which cost more there than the call itself. Whatever is not plain goes on to the chain, which alone
 * refuses; so a lane holds no rule of its own, and leaving it out changes nothing but speed.
 *
 * It answers nothing, at once, where the headers alone say that a request is not plain.
 */
export type ShortCut = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => Promise<Taken> | undefined

/** What became of a request: done with, or for the chain, which is given the body that was read. */
export type Taken =
  | { readonly kind: 'done' }
  | { readonly kind: 'not_plain'; readonly body: Buffer }
  /** Perhaps it was carried out, so the chain must not do it again: it only answers the failure. */
  | { readonly kind: 'failed'; readonly body: Buffer; readonly cause: unknown }

const HEADERS = Object.entries({ ...SECURITY_HEADERS, 'Content-Type': 'application/json' }).flat()
/** What `hono/request-id` takes over from a caller. */
const REQUEST_ID = /^[\w\-=]{1,255}$/

/**
 * Reads a body whose length was said, and has it carried out.
 *
 * @param carryOut answers whether it was plain and is answered.
 */
export async function take(
  incoming: IncomingMessage,
  carryOut: (body: Buffer) => Promise<boolean>,
): Promise<Taken> {
  const body = await bodyOf(incoming)
  // The caller went away in the middle of it.
  if (body === undefined) return { kind: 'done' }
  try {
    return (await carryOut(body)) ? { kind: 'done' } : { kind: 'not_plain', body }
  } catch (cause) {
    return { kind: 'failed', body, cause }
  }
}

const bodyOf = (incoming: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const [first, ...more] = chunks
      resolve(first !== undefined && more.length === 0 ? first : Buffer.concat(chunks))
    })
    // After the end it finds it resolved. Node tells who does not listen for errors nothing but this.
    incoming.on('close', () => resolve(undefined))
  })

/** Answers 200 with JSON, as the chain would. */
export function answerPlainly(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: string,
  headers: readonly string[] = [],
): void {
  outgoing.writeHead(200, [
    ...HEADERS,
    ...headers,
    'X-Request-Id',
    requestIdOf(incoming.headers['x-request-id']),
    'Content-Length',
    String(Buffer.byteLength(answer)),
  ])
  outgoing.end(answer)
}

const requestIdOf = (given: string | string[] | undefined) =>
  typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
