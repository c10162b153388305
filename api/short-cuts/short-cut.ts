import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SECURITY_HEADERS } from '../middleware/security-headers.ts'

/**
 * Answers the common, valid case of one call without the framework. It passes all other requests on to the app.
 *
 * @returns undefined, synchronously, if the headers show that the app must answer; otherwise the outcome.
 */
export type ShortCut = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => Promise<ShortCutOutcome> | undefined

/** The app needs the body of a request that it answers, because the short cut has consumed the stream. */
export type ShortCutOutcome =
  /** Also if the client disconnected before the body was complete. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'passed_on'; readonly body: Buffer }
  /** The call may have been carried out. The app must not repeat it and only renders the failure. */
  | { readonly kind: 'failed'; readonly body: Buffer; readonly cause: unknown }

const HEADERS = Object.entries({ ...SECURITY_HEADERS, 'Content-Type': 'application/json' }).flat()
/** The request ids that `hono/request-id` accepts from a caller. */
const REQUEST_ID = /^[\w\-=]{1,255}$/

/**
 * Reads the body of a request with a known length, and carries the call out.
 *
 * @param carryOut resolves to true if it has answered, and to false if the app must answer.
 */
export async function readAndAnswer(
  incoming: IncomingMessage,
  carryOut: (body: Buffer) => Promise<boolean>,
): Promise<ShortCutOutcome> {
  const body = await readBody(incoming)
  if (body === undefined) return { kind: 'answered' }
  try {
    return (await carryOut(body)) ? { kind: 'answered' } : { kind: 'passed_on', body }
  } catch (cause) {
    return { kind: 'failed', body, cause }
  }
}

/** Resolves to undefined if the client disconnects before the body is complete. */
const readBody = (incoming: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const [first, ...more] = chunks
      resolve(first !== undefined && more.length === 0 ? first : Buffer.concat(chunks))
    })
    // Without a listener for `error`, Node reports a broken connection only by `close`. After `end` it changes nothing.
    incoming.on('close', () => resolve(undefined))
  })

/** Sends 200 with JSON and the headers that the app would send. */
export function sendJson(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  json: string,
  headers: readonly string[] = [],
): void {
  outgoing.writeHead(200, [
    ...HEADERS,
    ...headers,
    'X-Request-Id',
    requestIdOf(incoming.headers['x-request-id']),
    'Content-Length',
    String(Buffer.byteLength(json)),
  ])
  outgoing.end(json)
}

const requestIdOf = (given: string | string[] | undefined) =>
  typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
