import { sql, type Kysely, type Transaction } from 'kysely'
import type { SubscriptionId } from '../../domain/ids.ts'
import type { SubscriptionWrite, TimelineEntry, WriteOutcome } from '../../domain/repositories.ts'
import { endQuotaWindows, limitQuotaWindows, openQuotaWindows } from './quota-windows.ts'
import type { Database } from './schema.ts'
import { rowFromSubscription } from './subscription-rows.ts'
import { markAlertTold } from './usage-alerts.ts'

/**
 * Writes one step of a subscription: row, timeline, notices, windows and the events that it took in, all or
 * nothing. Running it twice: the second finds `observed_seq` moved on and writes nothing (`superseded`).
 */
export async function saveSubscription(
  transaction: Transaction<Database>,
  write: SubscriptionWrite,
): Promise<WriteOutcome> {
  const { before, after, at } = write
  const { id: _id, created_at: _createdAt, ...row } = rowFromSubscription(after)
  const updated = await transaction
    .updateTable('subscriptions')
    .set({ ...row, observed_seq: before.observedSeq + 1, updated_at: at })
    .where('id', '=', before.id)
    .where('observed_seq', '=', before.observedSeq)
    .returning('id')
    .executeTakeFirst()
  if (updated === undefined) return 'superseded'
  const { changes, actor, cause } = write
  await insertChanges(
    transaction,
    before.id,
    changes.map((change) => ({ ...change, at, actor, cause })),
  )
  await insertNotices(transaction, before.id, write)
  if (write.endWindowsAt !== null) await endQuotaWindows(transaction, before.id, write.endWindowsAt)
  const opening = {
    subscriptionId: before.id,
    planVersionId: after.planVersionId,
    now: at,
    at,
  }
  await openQuotaWindows(transaction, opening, write.windows)
  await limitQuotaWindows(transaction, before.id, write.windows, at)
  if (write.alert !== null) await markAlertTold(transaction, write.alert)
  await finishEvents(transaction, before.id, write.eventIds)
  return 'saved'
}

/** Adds to a timeline. Whoever calls it holds the subscription's row, so that no two writers count alike. */
export async function insertChanges(
  db: Kysely<Database>,
  id: SubscriptionId,
  changes: readonly Omit<TimelineEntry, 'seq'>[],
) {
  if (changes.length === 0) return
  const { last } = await db
    .selectFrom('subscription_changes')
    .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.val(0)).as('last'))
    .where('subscription_id', '=', id)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('subscription_changes')
    .values(
      changes.map(({ at, actor, kind, before, after, cause }, index) => ({
        subscription_id: id,
        seq: last + index + 1,
        at,
        actor,
        kind,
        before: before === null ? null : JSON.stringify(before),
        after: JSON.stringify(after),
        cause,
      })),
    )
    .execute()
}

export async function insertNotices(
  db: Kysely<Database>,
  id: SubscriptionId,
  { notices, at }: Pick<SubscriptionWrite, 'notices' | 'at'>,
) {
  if (notices.length === 0) return
  await db
    .insertInto('notices')
    .values(
      notices.map(({ key, kind, content }) => ({
        key,
        subscription_id: id,
        kind,
        content: JSON.stringify(content),
        due_at: at,
        created_at: at,
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** An event that an operator parked in the meantime stays parked. */
export async function finishEvents(
  db: Kysely<Database>,
  id: SubscriptionId,
  eventIds: readonly string[],
) {
  if (eventIds.length === 0) return
  await db
    .updateTable('stripe_events')
    .set({ state: 'done', subscription_id: id, last_error: null })
    .where('event_id', '=', sql<string>`any(${eventIds})`)
    .where('state', '!=', 'parked')
    .execute()
}
