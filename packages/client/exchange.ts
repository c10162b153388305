import type { Problem } from './generated/types.ts'
import { ProblemError, UnreachableError } from './errors.ts'
import { pauseAfter, retryAfterMs, wait, type RetryPolicy } from './retry.ts'

/** One request, the same in all its attempts. */
export type Request = {
  /** `METHOD /path`, for error messages. */
  readonly operation: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly idempotencyKey: string | null
}

/** How long and how often a request is repeated. */
export type Patience = RetryPolicy & {
  readonly fetch: typeof fetch
  readonly signal?: AbortSignal | undefined
}

type Answer = { readonly status: number; readonly retryAfter: string | null; readonly text: string }
type Attempt =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly cause: unknown }

/** Statuses that mean "try again later": rate limit, database unavailable, or a gateway without the service. */
const AGAIN = [429, 502, 503, 504]

/**
 * Sends a request, and repeats it under the same key until an answer is final or the deadline has passed.
 *
 * @returns the parsed body; undefined for 204.
 * @throws ProblemError when the service refuses, UnreachableError when it gave no final answer in time, and the reason of
 * the caller's signal when that aborts.
 */
export async function exchange(request: Request, patience: Patience): Promise<unknown> {
  const deadline = performance.now() + patience.deadlineMs
  for (let attempts = 1; ; attempts++) {
    patience.signal?.throwIfAborted()
    const left = deadline - performance.now()
    const attempt = await send(request, patience, Math.min(patience.attemptMaxMs, left))
    if (attempt.kind === 'answered' && !isAgain(attempt.answer))
      return read(request, attempt.answer)
    const retryAfter = attempt.kind === 'answered' ? attempt.answer.retryAfter : null
    // A connection that broke says nothing of the service: another process of it probably answers the next one.
    const isBroken = attempts === 1 && attempt.kind === 'failed'
    const pause = isBroken ? 0 : pauseAfter(attempts, retryAfterMs(retryAfter, new Date()))
    if (attempts >= patience.attemptsMax || performance.now() + pause >= deadline)
      throw giveUp(request, attempt, attempts)
    await wait(pause, patience.signal)
  }
}

/** One attempt. An answer whose body breaks off in the middle counts as no answer. */
async function send(request: Request, patience: Patience, maxMs: number): Promise<Attempt> {
  const { signal } = patience
  const ending = new AbortController()
  const stop = () => ending.abort(signal?.reason)
  const timer = setTimeout(
    () => ending.abort(new Error(`no answer in ${Math.round(maxMs)} ms`)),
    maxMs,
  )
  signal?.addEventListener('abort', stop, { once: true })
  const { method, headers, body = null } = request
  // Created outside of `try`: an invalid URL or header is the caller's mistake, and must not be retried.
  const outgoing = new Request(request.url, { method, headers, body, signal: ending.signal })
  try {
    const response = await patience.fetch(outgoing)
    const { status } = response
    const answer = {
      status,
      retryAfter: response.headers.get('retry-after'),
      text: await response.text(),
    }
    return { kind: 'answered', answer }
  } catch (cause) {
    signal?.throwIfAborted()
    return { kind: 'failed', cause }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** A 502 with a problem body comes from the service: Stripe rejected the request, and a repeat does not help. */
const isAgain = ({ status, text }: Answer): boolean =>
  AGAIN.includes(status) && !(status === 502 && problemIn(text) !== undefined)

function read(request: Request, answer: Answer): unknown {
  const { status, text } = answer
  if (status === 204) return undefined
  if (status < 300) {
    const body = parsed(text)
    if (body === undefined) throw new UnreachableError('the answer is not JSON', request, 1, text)
    return body
  }
  throw new ProblemError(problemIn(text) ?? unknownProblem(answer), request)
}

function giveUp(request: Request, attempt: Attempt, attempts: number): Error {
  if (attempt.kind === 'failed')
    return new UnreachableError('the service gave no answer', request, attempts, attempt.cause)
  const problem = problemIn(attempt.answer.text)
  if (problem !== undefined) return new ProblemError(problem, request)
  const { status } = attempt.answer
  return new UnreachableError(`a proxy or gateway answered ${status}`, request, attempts)
}

function problemIn(text: string): Problem | undefined {
  const body = parsed(text)
  return isProblem(body) ? body : undefined
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  'status' in body &&
  typeof body.status === 'number' &&
  'detail' in body

/** The problem for an answer that did not come from the service; only its status is known. */
const unknownProblem = ({ status }: Answer): Problem => ({
  type: 'about:blank',
  title: 'The answer did not come from the billing service',
  status,
  code: 'unknown',
  detail: `A proxy or gateway answered ${status}. Check the base URL.`,
  request_id: 'none',
})

/** Undefined for text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
