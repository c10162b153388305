import { DAY } from '../billing/calendar.ts'
import type { Step } from '../store/store.ts'
import { invalid, Refusal } from './refusal.ts'

/** Stripe's retention of idempotency keys. Afterwards the same key starts a new request. */
const REMEMBERED_FOR = 1 * DAY
const KEY_LENGTH_MAX = 255

/** A request with an idempotency key; the fingerprint differs between requests that differ. */
export type NamedRequest = { readonly key: string; readonly fingerprint: string }
/** The response that later requests with the key receive. */
export type SavedReply = {
  readonly status: number
  readonly body: string
  readonly requestId: string
}

/** Returns the earlier response of a key; refuses another request with the same key. */
export function recall(step: Step, { key, fingerprint }: NamedRequest) {
  if (key.length > KEY_LENGTH_MAX) {
    throw invalid(`Idempotency keys must be at most ${KEY_LENGTH_MAX} characters long.`)
  }
  const record = step.find('idempotency', key)
  if (record === undefined || record.created <= step.now - REMEMBERED_FOR) return undefined
  if (record.fingerprint !== fingerprint) throw mismatch(key)
  return { status: record.status, body: record.body, replays: record.requestId }
}

/**
 * Stores the response of a key, and forgets up to two expired ones.
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export function remember(step: Step, named: NamedRequest, reply: SavedReply): void {
  if (step.testClock === null) forgetOld(step)
  step.put('idempotency', {
    id: named.key,
    fingerprint: named.fingerprint,
    status: reply.status,
    body: reply.body,
    requestId: reply.requestId,
    created: step.now,
  })
}

/** Two deletions for each new key: expired keys disappear at least as fast as new ones arrive. */
const FORGOTTEN_AT_ONCE = 2

function forgetOld(step: Step): void {
  for (let count = 0; count < FORGOTTEN_AT_ONCE; count += 1) {
    const oldest = step.oldest('idempotency')
    if (oldest === undefined || oldest.created > step.now - REMEMBERED_FOR) return
    step.erase('idempotency', oldest.id)
  }
}

function mismatch(key: string): Refusal {
  return new Refusal({
    status: 400,
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
}
