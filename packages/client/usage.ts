import type { WorkflowReply, Call, CallOptions } from './call.ts'
import type { BatchOutcome, ConsumeOutcome } from './generated/types.ts'
import type { Policy, WhenUnreachable } from './policy.ts'
import type { Unsent } from './unsent.ts'

/** `decided_by` tells whether the service said so, or the policy for when it cannot be reached. */
export type Decision =
  | (ConsumeOutcome & { readonly decided_by: 'service' })
  | { readonly outcome: 'allowed'; readonly decided_by: 'policy' }

export type UsageOptions = CallOptions & {
  /** Of this call; without it the client's. */
  readonly whenUnreachable?: WhenUnreachable
}

type BatchEvent = WorkflowReply<'POST /usage/batch'>['body']['events'][number]
type GivenEvent = Omit<BatchEvent, 'idempotency_key'> & { readonly idempotency_key?: string }

const OPENLY = { outcome: 'allowed', decided_by: 'policy' } as const

const byService = (outcome: ConsumeOutcome): Decision => ({ ...outcome, decided_by: 'service' })

/** What may be asked with a user's own token: reading. */
export const readUsage = (call: Call) => ({
  /** Every feature in its present window. */
  current: (options?: CallOptions) => call('GET /usage', {}, options),
  /** The series for a chart. */
  history: (query: WorkflowReply<'GET /usage/history'>['query'], options?: CallOptions) =>
    call('GET /usage/history', { query }, options),
})

export type UsageParts = {
  readonly call: Call
  readonly policy: Policy
  readonly unsent: Unsent
  readonly whenUnreachable: WhenUnreachable
  readonly userId: string
}

/** Usage of one user. A refusal is an answer: only problems and outages are thrown. */
export const createUsage = ({ call, policy, unsent, whenUnreachable, userId }: UsageParts) => ({
  ...readUsage(call),

  /** Would this be allowed? Counts nothing. */
  check: (
    asked: WorkflowReply<'POST /usage/check'>['body'],
    options: UsageOptions = {},
  ): Promise<Decision> =>
    policy.decide(
      { whenUnreachable, ...options, operation: 'POST /usage/check', idempotencyKey: null },
      async () => byService(await call('POST /usage/check', { body: asked }, options)),
      () => OPENLY,
    ),

  /** Decides, counts and records. What an open policy allows is counted as soon as the service is back. */
  async consume(
    asked: WorkflowReply<'POST /usage/consume'>['body'],
    options: UsageOptions = {},
  ): Promise<Decision> {
    const now = new Date().toISOString()
    const { idempotencyKey = crypto.randomUUID() } = options
    const keyed = { ...options, idempotencyKey }
    const decision = await policy.decide(
      { operation: 'POST /usage/consume', whenUnreachable, ...keyed },
      async () => byService(await call('POST /usage/consume', { body: asked }, keyed)),
      () => {
        const { feature, amount = 1, occurred_at = now } = asked
        const event = { feature, amount, occurred_at, idempotency_key: idempotencyKey }
        return unsent.add(userId, event) ? OPENLY : undefined
      },
    )
    if (decision.decided_by === 'service') unsent.serviceIsBack()
    return decision
  },

  /** Up to 1,000 events, each decided by itself; one without a key gets one. */
  batch: (events: readonly GivenEvent[], options?: CallOptions): Promise<BatchOutcome> =>
    call('POST /usage/batch', { body: { events: events.map(withKey) } }, options),

  /** Gives back what is held, or corrects what was counted. */
  release: (body: WorkflowReply<'POST /usage/release'>['body'], options?: CallOptions) =>
    call('POST /usage/release', { body }, options),

  /** Sets an amount aside before it is used. */
  reserve: (body: WorkflowReply<'POST /usage/reservations'>['body'], options?: CallOptions) =>
    call('POST /usage/reservations', { body }, options),
  /** Settles a reservation for what it came to. */
  settle: (id: string, amount: number, options?: CallOptions) =>
    call('PUT /usage/reservations/{id}', { path: { id }, body: { amount } }, options),
  /** Gives a whole reservation back. */
  releaseReservation: (id: string, options?: CallOptions) =>
    call('DELETE /usage/reservations/{id}', { path: { id } }, options),
})

const withKey = (event: GivenEvent): BatchEvent => ({
  ...event,
  idempotency_key: event.idempotency_key ?? crypto.randomUUID(),
})
