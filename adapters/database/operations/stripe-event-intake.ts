import type { StripeEventRepository } from '../../../domain/stripe/event-repository.ts'
import type { IncomingStripeEvent } from '../../../domain/stripe/inbox.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Operations } from './port.ts'

/** Connection slots of one process: one statement is committed while the next one is filled. */
const SLOTS_MAX = 2
/** Events in one statement. Few are larger than 10 KB; the largest that is accepted has 1 MiB. */
const BATCH_MAX = 100
/** Events that wait. Later ones are refused, and Stripe sends them again. */
const WAITING_MAX = 1_000

type Intake = Pick<StripeEventRepository, 'record' | 'recordMissing'>

/** Stores events. Webhooks that arrive together share a statement; each is answered after its commit. */
export function createStripeEventIntake(
  operations: Operations,
): Intake & { readonly drain: () => Promise<void> } {
  const insert = (events: readonly IncomingStripeEvent[]) =>
    operations.values('record_stripe_events', columnsOf(events))

  const { submit, drain } = createGroupCommit<IncomingStripeEvent, 'recorded' | 'repeated'>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    mayJoin: () => true,
    run: async (batch) => {
      const fresh = new Set(await insert(batch))
      // Of two equal events in one batch the first one is new.
      return batch.map((event) => (fresh.delete(nameOf(event)) ? 'recorded' : 'repeated'))
    },
  })
  return {
    record: submit,
    recordMissing: async (events) => (events.length === 0 ? 0 : (await insert(events)).length),
    drain,
  }
}

const nameOf = ({ account, livemode, eventId }: IncomingStripeEvent) =>
  `${account}/${livemode}/${eventId}`

const columnsOf = (events: readonly IncomingStripeEvent[]) => ({
  p_accounts: events.map(({ account }) => account),
  p_livemodes: events.map(({ livemode }) => livemode),
  p_event_ids: events.map(({ eventId }) => eventId),
  p_types: events.map(({ type }) => type),
  p_api_versions: events.map(({ apiVersion }) => apiVersion),
  p_created_at: events.map(({ createdAt }) => createdAt),
  p_received_at: events.map(({ receivedAt }) => receivedAt),
  p_object_ids: events.map(({ objectIds }) => JSON.stringify(objectIds)),
  p_payloads: events.map(({ payload }) => storable(payload)),
  p_traceparents: events.map(({ traceparent }) => traceparent ?? null),
  p_states: events.map(({ verdict }) => verdict.state),
  p_reasons: events.map(({ verdict }) => ('reason' in verdict ? verdict.reason : null)),
})

/** Postgres cannot store these two escapes in JSON. Only operators read payloads, so the event is kept without it. */
const NOT_STORABLE = /\\u0000|\\ud[89a-f]/

function storable(payload: unknown): string | null {
  if (payload === null) return null
  const json = JSON.stringify(payload)
  return NOT_STORABLE.test(json) ? null : json
}
