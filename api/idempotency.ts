import { createHash, randomUUID } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { IdempotencyRepository } from '../domain/idempotency.ts'
import { RETRY_AFTER } from './problem.ts'

export const IDEMPOTENCY_KEY_MAX_CHARACTERS = 255

/** The header of each mutating call. Without it the call gets a key of its own, and a repeat is a new call. */
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(IDEMPOTENCY_KEY_MAX_CHARACTERS)
    .optional()
    .describe('A repeat with the same key answers what the first call answered.'),
})

export const newIdempotencyKey = (): string => randomUUID()

export type Answer = { readonly status: number; readonly body: unknown }

type Keyed = {
  readonly idempotency: IdempotencyRepository
  /** Whose key it is: two users may choose the same one. */
  readonly caller: string
  readonly key: string
  readonly request: unknown
  readonly at: Date
}

/**
 * Answers a repeat with the first answer. An answer that says "not now" is not kept: the repeat is meant to succeed.
 * Two requests with one key at the same time both run, which is safe, because what they do has names made of that key.
 *
 * @param run is told whether the key came before: then all of it may have happened already.
 */
export async function once(
  keyed: Keyed,
  run: (isRepeat: boolean) => Promise<Answer>,
): Promise<({ readonly kind: 'answered' } & Answer) | { readonly kind: 'reused' }> {
  const { idempotency, caller, key, request, at } = keyed
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const opened = await idempotency.open(caller, key, hash, at)
  if (opened.kind !== 'opened') return opened
  const answer = await run(opened.isRepeat)
  if (answer.status < 500) await idempotency.answer(caller, key, answer.status, answer.body)
  return { kind: 'answered', ...answer }
}

/**
 * An answer as it was first given, whatever its status. Its shape was checked when it was made, so the route's type,
 * which cannot see through the database, is set aside here and nowhere else.
 */
export function render({ status, body }: Answer): never {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, ...(status === 503 && RETRY_AFTER) },
  }) as never
}
