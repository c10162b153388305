import { exchange } from './exchange.ts'
import type { Operations } from './generated/operations.ts'
import type { RetryPolicy } from './retry.ts'

/** `METHOD /path`, as in the OpenAPI document. */
export type Operation = keyof Operations

/** Options of every call; without one, the client's own apply. */
export type CallOptions = Partial<RetryPolicy> & {
  /** A random key by default. Repeating a call under the same key returns the first answer and does nothing twice. */
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The request of an operation: its `path`, `query` and `body`, where it has them. */
export type RequestOf<O extends Operation> = Omit<Operations[O]['request'], 'url' | 'headers'>

/** The body that an operation answers on success. */
export type Answer<O extends Operation> = Operations[O]['answers'][keyof Operations[O]['answers']]

/** Calls any operation by its name, such as `POST /usage/consume`. */
export type Call = <O extends Operation>(
  operation: O,
  ...given: object extends RequestOf<O>
    ? [request?: RequestOf<O>, options?: CallOptions]
    : [request: RequestOf<O>, options?: CallOptions]
) => Promise<Answer<O>>

/** The service, as a client reaches it. */
export type Connection = {
  /** The base URL of all operations, without a trailing slash. */
  readonly baseUrl: string
  readonly fetch: typeof fetch
  readonly retry: RetryPolicy
  /** The headers that name the caller and the user; computed anew for each call. */
  readonly headers: () => Promise<Record<string, string>>
}

type Parts = {
  readonly path?: Readonly<Record<string, unknown>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

/** Creates `call`. All attempts of one call share one idempotency key. */
export function createCall({ baseUrl, fetch, retry, headers }: Connection): Call {
  const call = async (operation: string, parts: Parts = {}, options: CallOptions = {}) => {
    const [method = '', path = ''] = operation.split(' ')
    const idempotencyKey = method === 'GET' ? null : (options.idempotencyKey ?? crypto.randomUUID())
    const request = {
      operation,
      method,
      url: `${baseUrl}${filled(path, parts.path)}${search(parts.query)}`,
      headers: {
        ...(await headers()),
        accept: 'application/json',
        ...(parts.body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== null && { 'idempotency-key': idempotencyKey }),
      },
      body: parts.body === undefined ? undefined : JSON.stringify(parts.body),
      idempotencyKey,
    }
    const {
      deadlineMs = retry.deadlineMs,
      attemptMaxMs = retry.attemptMaxMs,
      attemptsMax = retry.attemptsMax,
      signal,
    } = options
    return exchange(request, { deadlineMs, attemptMaxMs, attemptsMax, signal, fetch })
  }
  // The types come from the OpenAPI document, and a test compares that document with the API.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return call as Call
}

const filled = (path: string, values: Parts['path'] = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))

function search(query: Parts['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`
}
