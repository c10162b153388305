import type { RequestOf, Call, CallOptions } from './call.ts'
import type { BatchOutcome, ConsumeOutcome } from './generated/types.ts'
import type { Policy, WhenUnreachable } from './policy.ts'
import type { Unsent } from './unsent.ts'

/** `decided_by` is `policy` when the service was unreachable and the open policy allowed the usage. */
export type Decision =
  | (ConsumeOutcome & { readonly decided_by: 'service' })
  | { readonly outcome: 'allowed'; readonly decided_by: 'policy' }

/** Options of one call about usage. */
export type UsageOptions = CallOptions & {
  /** For this call; the client's by default. */
  readonly whenUnreachable?: WhenUnreachable
}

type BatchEvent = RequestOf<'POST /usage/batch'>['body']['events'][number]
type EventWithoutKey = Omit<BatchEvent, 'idempotency_key'> & { readonly idempotency_key?: string }

const ALLOWED_BY_POLICY = { outcome: 'allowed', decided_by: 'policy' } as const

const byService = (outcome: ConsumeOutcome): Decision => ({ ...outcome, decided_by: 'service' })

/** The read operations, which a user's own token allows. */
export const readUsage = (call: Call) => ({
  /** Every feature in its current window. */
  current: (options?: CallOptions) => call('GET /usage', {}, options),
  /** A time series for a chart. */
  history: (query: RequestOf<'GET /usage/history'>['query'], options?: CallOptions) =>
    call('GET /usage/history', { query }, options),
})

/** The parts that the calls about usage share. */
export type UsageParts = {
  readonly call: Call
  readonly policy: Policy
  readonly unsent: Unsent
  readonly whenUnreachable: WhenUnreachable
  readonly userId: string
}

/** Usage of one user. A refusal is a value; only problems and outages are thrown. */
export const createUsage = ({ call, policy, unsent, whenUnreachable, userId }: UsageParts) => ({
  ...readUsage(call),

  /** Answers whether `consume` would be allowed, and counts nothing. */
  check: (
    request: RequestOf<'POST /usage/check'>['body'],
    options: UsageOptions = {},
  ): Promise<Decision> =>
    policy.decide(
      { whenUnreachable, ...options, operation: 'POST /usage/check', idempotencyKey: null },
      async () => byService(await call('POST /usage/check', { body: request }, options)),
      () => ALLOWED_BY_POLICY,
    ),

  /** Decides, counts and records. Usage that an open policy allowed is counted as soon as the service is back. */
  async consume(
    request: RequestOf<'POST /usage/consume'>['body'],
    options: UsageOptions = {},
  ): Promise<Decision> {
    const now = new Date().toISOString()
    const { idempotencyKey = crypto.randomUUID() } = options
    const keyed = { ...options, idempotencyKey }
    const decision = await policy.decide(
      { operation: 'POST /usage/consume', whenUnreachable, ...keyed },
      async () => byService(await call('POST /usage/consume', { body: request }, keyed)),
      () => {
        const { feature, amount, occurred_at: occurredAt } = request
        const event = {
          feature,
          amount: amount ?? 1,
          occurred_at: occurredAt ?? now,
          idempotency_key: idempotencyKey,
        }
        return unsent.add(userId, event) ? ALLOWED_BY_POLICY : undefined
      },
    )
    if (decision.decided_by === 'service') unsent.serviceIsBack()
    return decision
  },

  /** Sends up to 1,000 events, each decided on its own. An event without a key gets a random one. */
  batch: (events: readonly EventWithoutKey[], options?: CallOptions): Promise<BatchOutcome> =>
    call('POST /usage/batch', { body: { events: events.map(withKey) } }, options),

  /** Releases held units such as seats, or corrects counted usage. */
  release: (body: RequestOf<'POST /usage/release'>['body'], options?: CallOptions) =>
    call('POST /usage/release', { body }, options),

  /** Reserves an amount before it is used. */
  reserve: (body: RequestOf<'POST /usage/reservations'>['body'], options?: CallOptions) =>
    call('POST /usage/reservations', { body }, options),
  /** Settles a reservation for the amount that was really used. */
  settle: (id: string, amount: number, options?: CallOptions) =>
    call('PUT /usage/reservations/{id}', { path: { id }, body: { amount } }, options),
  /** Releases a whole reservation. */
  releaseReservation: (id: string, options?: CallOptions) =>
    call('DELETE /usage/reservations/{id}', { path: { id } }, options),
})

const withKey = (event: EventWithoutKey): BatchEvent => ({
  ...event,
  idempotency_key: event.idempotency_key ?? crypto.randomUUID(),
})
