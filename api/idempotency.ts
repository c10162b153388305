import { createHash, randomUUID } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiDependencies, ApiEnvironment } from './environment.ts'
import {
  problem,
  problemBody,
  RETRY_AFTER,
  type ProblemCode,
  type ProblemExtras,
} from './problem.ts'

/**
 * As at Stripe.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export const IDEMPOTENCY_KEY_MAX_CHARACTERS = 255
/** A header has no encoding of its own: other characters would be read differently by each program in between. */
const ASCII = /^[\x20-\x7e]+$/

/** Whether a header `Idempotency-Key` is valid. */
export const isIdempotencyKey = (text: string): boolean =>
  text.length <= IDEMPOTENCY_KEY_MAX_CHARACTERS && ASCII.test(text)

/** The header of each call that changes anything. Without it the call gets a new key, and a repeat is a new call. */
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(IDEMPOTENCY_KEY_MAX_CHARACTERS)
    .regex(ASCII, 'must be ASCII')
    .optional()
    .describe(
      'A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.',
    ),
})

/** A key for a call without one. */
export const newIdempotencyKey = (): string => randomUUID()

/** A request whose route has validated the header. */
type KeyedContext = Context<
  ApiEnvironment,
  string,
  { out: { header: z.infer<typeof idempotencyHeader> } }
>

/** The key that the caller sent, or a new one. */
export const idempotencyKeyOf = (c: KeyedContext): string =>
  c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()

/** A response as it is stored under its key. */
export type Answer = { readonly status: number; readonly body: unknown }

/** A problem as a response that is stored under its key. */
export function problemAnswer(
  c: Context<ApiEnvironment>,
  code: ProblemCode,
  detail: string,
  extras?: ProblemExtras,
): Answer {
  const body = problemBody(code, detail, c.get('requestId'), extras)
  return { status: body.status, body }
}

type Keyed = {
  /** The owner of the key, such as `user/ada`: two users may choose the same key. */
  readonly caller: string
  /** The whole request: the same key with another one is refused. */
  readonly request: Readonly<Record<string, unknown>>
}

/** One attempt of a request under its key. */
export type Attempt = {
  readonly key: string
  /** Whether the key was used before. The request may then have been carried out already. */
  readonly isRepeat: boolean
}

const TOO_MANY_REQUESTS = 429
/** Statuses of answers that say when to repeat the request. */
const RETRIED: readonly number[] = [TOO_MANY_REQUESTS, 503]

/**
 * Carries a request out once per key, and answers a repeat with the stored response. 429, and responses of 500 and above,
 * are not stored, so that a repeat can succeed.
 *
 * Two requests with the same key at the same time both run. That is safe because every effect of `run` has an id that is
 * derived from the key.
 */
export async function answerOnce(
  c: KeyedContext,
  { repositories: { idempotency }, clock }: Pick<ApiDependencies, 'repositories' | 'clock'>,
  { caller, request }: Keyed,
  run: (attempt: Attempt) => Promise<Answer>,
) {
  const key = idempotencyKeyOf(c)
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const opened = await idempotency.open(caller, key, hash, clock.now())
  if (opened.kind === 'answered') return render(opened)
  if (opened.kind === 'reused')
    return problem(
      c,
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each new request.',
    )
  const answer = await run({ key, isRepeat: opened.isRepeat })
  if (answer.status < 500 && answer.status !== TOO_MANY_REQUESTS)
    await idempotency.answer(caller, key, answer.status, answer.body)
  return render(answer)
}

/**
 * Sends a stored response, whatever its status. Its shape was checked when it was created. The route's type cannot see
 * that through the database, so it is set aside here and nowhere else.
 */
function render({ status, body }: Answer): never {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, ...(RETRIED.includes(status) && RETRY_AFTER) },
  }) as never
}
