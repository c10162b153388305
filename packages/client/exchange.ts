import type { Problem } from './generated/types.ts'
import { ProblemError, UnreachableError } from './errors.ts'
import { pauseAfter, retryAfterMs, wait, type RetryPolicy } from './retry.ts'

export type Request = {
  /** `METHOD /path`, for people. */
  readonly operation: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly idempotencyKey: string | null
}

export type Patience = RetryPolicy & {
  readonly fetch: typeof fetch
  readonly signal?: AbortSignal | undefined
}

type Answer = { readonly status: number; readonly retryAfter: string | null; readonly text: string }
type Attempt =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly cause: unknown }

/** What says "not now": too many calls, the service without its database, or a gateway without the service. */
const AGAIN = [429, 502, 503, 504]

/**
 * Asks until there is an answer that is not "not now", under one key, within the deadline.
 *
 * @throws ProblemError for what the service refuses, UnreachableError when it gave no answer in time, and the reason of
 * the caller's signal.
 */
export async function exchange(request: Request, patience: Patience): Promise<unknown> {
  const deadline = performance.now() + patience.deadlineMs
  for (let attempts = 1; ; attempts++) {
    patience.signal?.throwIfAborted()
    const left = deadline - performance.now()
    const attempt = await ask(request, patience, Math.min(patience.attemptMaxMs, left))
    if (attempt.kind === 'answered' && !isAgain(attempt.answer))
      return read(request, attempt.answer)
    const asked = attempt.kind === 'answered' ? attempt.answer.retryAfter : null
    const pause = pauseAfter(attempts, retryAfterMs(asked, new Date()))
    if (attempts >= patience.attemptsMax || performance.now() + pause >= deadline)
      throw giveUp(request, attempt, attempts)
    await wait(pause, patience.signal)
  }
}

/** One attempt, its body included: an answer that breaks off in the middle is none. */
async function ask(request: Request, patience: Patience, maxMs: number): Promise<Attempt> {
  const { signal } = patience
  const ending = new AbortController()
  const stop = () => ending.abort(signal?.reason)
  const timer = setTimeout(
    () => ending.abort(new Error(`no answer in ${Math.round(maxMs)} ms`)),
    maxMs,
  )
  signal?.addEventListener('abort', stop, { once: true })
  const { method, headers, body = null } = request
  // What no request can be like is the caller's mistake, and not tried again.
  const asked = new Request(request.url, { method, headers, body, signal: ending.signal })
  try {
    const response = await patience.fetch(asked)
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

/** A gateway's own answer is no problem of the service's: a 502 of ours says that Stripe rejected something, for good. */
const isAgain = ({ status, text }: Answer): boolean =>
  AGAIN.includes(status) && !(status === 502 && problemIn(text) !== undefined)

function read(request: Request, answer: Answer): unknown {
  const { status, text } = answer
  if (status === 204) return undefined
  if (status < 300) {
    const body = parsed(text)
    if (body === undefined) throw new UnreachableError('the answer is no JSON', request, 1, text)
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
  return new UnreachableError(`something in between answered ${status}`, request, attempts)
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

/** Of an answer that is not the service's: there is nothing but its status to tell. */
const unknownProblem = ({ status }: Answer): Problem => ({
  type: 'about:blank',
  title: 'Something in between answered',
  status,
  code: 'unknown',
  detail: `It answered ${status}, not in the words of the service. Is the base URL right?`,
  request_id: 'none',
})

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
