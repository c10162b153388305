import type { StripeEventRepository } from '../../../domain/stripe/event-repository.ts'
import type { IncomingStripeEvent } from '../../../domain/stripe/inbox.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Operations } from './port.ts'

/** Statements of one process at once: one is on its way to the disk while the next is gathered. */
const SLOTS_MAX = 2
/** Events in one statement. Few have more than 10 KB; the largest that is taken has 1 MiB. */
const BATCH_MAX = 100
/** Events that wait. Who comes later is told to come again, as Stripe does. */
const WAITING_MAX = 1_000

type Intake = Pick<StripeEventRepository, 'record' | 'recordMissing'>

/** Keeps events as they come. Webhooks that come at once share a statement, and each is answered after its commit. */
export function createStripeEventIntake(
  operations: Operations,
): Intake & { readonly drain: () => Promise<void> } {
  const insert = (events: readonly IncomingStripeEvent[]) =>
    operations.values<string>('record_stripe_events', columnsOf(events))

  const { ask, drain } = createGroupCommit<IncomingStripeEvent, 'recorded' | 'repeated'>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    mayJoin: () => true,
    run: async (batch) => {
      const fresh = new Set(await insert(batch))
      // Of two that came together the first one is the new one.
      return batch.map((event) => (fresh.delete(nameOf(event)) ? 'recorded' : 'repeated'))
    },
  })
  return {
    record: ask,
    recordMissing: async (events) => (events.length === 0 ? 0 : (await insert(events)).length),
    drain,
  }
}

const nameOf = ({ account, livemode, eventId }: IncomingStripeEvent) =>
  `${account}/${livemode}/${eventId}`

/** As they are first kept. */
const columnsOf = (events: readonly IncomingStripeEvent[]) => ({
  p_accounts: events.map(({ account }) => account),
  p_livemodes: events.map(({ livemode }) => livemode),
  p_event_ids: events.map(({ eventId }) => eventId),
  p_types: events.map(({ type }) => type),
  p_api_versions: events.map(({ apiVersion }) => apiVersion),
  p_created_at: events.map(({ createdAt }) => createdAt),
  p_received_at: events.map(({ receivedAt }) => receivedAt),
  p_object_ids: events.map(({ objectIds }) => JSON.stringify(objectIds)),
  p_payloads: events.map(({ payload }) => (payload === null ? null : JSON.stringify(payload))),
  p_traceparents: events.map(({ traceparent }) => traceparent ?? null),
  p_states: events.map(({ verdict }) => verdict.state),
  p_reasons: events.map(({ verdict }) => ('reason' in verdict ? verdict.reason : null)),
})
