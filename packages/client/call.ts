import { exchange } from './exchange.ts'
import type { Operations } from './generated/operations.ts'
import type { RetryPolicy } from './retry.ts'

export type Operation = keyof Operations

/** What every call takes besides. */
export type CallOptions = Partial<RetryPolicy> & {
  /** Of the call; made up where there is none. A repeat under the same key does nothing twice, and answers the same. */
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an operation is asked with: its `path`, `query` and `body`, as far as it has them. */
export type WorkflowReply<O extends Operation> = Omit<Operations[O]['asked'], 'url' | 'headers'>

export type Answer<O extends Operation> = Operations[O]['answers'][keyof Operations[O]['answers']]

/** Calls any operation by its name, such as `POST /usage/consume`. */
export type Call = <O extends Operation>(
  operation: O,
  ...given: object extends WorkflowReply<O>
    ? [asked?: WorkflowReply<O>, options?: CallOptions]
    : [asked: WorkflowReply<O>, options?: CallOptions]
) => Promise<Answer<O>>

export type Connection = {
  /** Where the operations are, without a slash at the end. */
  readonly baseUrl: string
  readonly fetch: typeof fetch
  readonly retry: RetryPolicy
  /** Who calls, and for whom. */
  readonly headers: () => Promise<Record<string, string>>
}

type Parts = {
  readonly path?: Readonly<Record<string, unknown>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

/** Each call goes under one key, its retries included. */
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
  // What an operation answers is said by the document that the types are made of, and a test compares that with the API.
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
