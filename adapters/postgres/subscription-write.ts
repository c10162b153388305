import { sql, type Kysely, type Transaction } from 'kysely'
import type { SubscriptionWrite, WriteOutcome } from '../../domain/repositories.ts'
import { endQuotaWindows, limitQuotaWindows, openQuotaWindows } from './quota-windows.ts'
import type { Database } from './schema.ts'
import { rowFromSubscription } from './subscription-rows.ts'
import { markAlertTold } from './usage-alerts.ts'

/**
 * Writes one step of a subscription: row, timeline, notices, windows, invoice and the events that it took in, all or
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
  await insertChanges(transaction, write)
  await insertNotices(transaction, write)
  if (write.endWindowsAt !== null) await endQuotaWindows(transaction, before.id, write.endWindowsAt)
  const opening = {
    subscriptionId: before.id,
    planVersionId: after.planVersionId,
    now: at,
    at,
  }
  await openQuotaWindows(transaction, opening, write.windows)
  await limitQuotaWindows(transaction, before.id, write.windows, at)
  await mirrorInvoice(transaction, write)
  if (write.alert !== null) await markAlertTold(transaction, write.alert)
  await finishEvents(transaction, write)
  return 'saved'
}

async function insertChanges(db: Kysely<Database>, write: SubscriptionWrite) {
  const { before, changes, at, actor, cause } = write
  if (changes.length === 0) return
  const { last } = await db
    .selectFrom('subscription_changes')
    .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.val(0)).as('last'))
    .where('subscription_id', '=', before.id)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('subscription_changes')
    .values(
      changes.map((change, index) => ({
        subscription_id: before.id,
        seq: last + index + 1,
        at,
        actor,
        kind: change.kind,
        before: change.before === null ? null : JSON.stringify(change.before),
        after: JSON.stringify(change.after),
        cause,
      })),
    )
    .execute()
}

async function insertNotices(db: Kysely<Database>, { before, notices, at }: SubscriptionWrite) {
  if (notices.length === 0) return
  await db
    .insertInto('notices')
    .values(
      notices.map(({ key, kind, content }) => ({
        key,
        subscription_id: before.id,
        kind,
        content: JSON.stringify(content),
        due_at: at,
        created_at: at,
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

async function mirrorInvoice(db: Kysely<Database>, { before, invoice }: SubscriptionWrite) {
  if (invoice === null) return
  const row = {
    id: invoice.id,
    subscription_id: before.id,
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    amount_due_minor: invoice.amountDueMinor,
    amount_paid_minor: invoice.amountPaidMinor,
    period_start: invoice.period.start,
    period_end: invoice.period.end,
    attempt_count: invoice.attemptCount,
    next_payment_attempt: invoice.nextPaymentAttempt,
    hosted_invoice_url: invoice.hostedUrl,
    created_at: invoice.createdAt,
  }
  await db
    .insertInto('invoices')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

async function finishEvents(db: Kysely<Database>, { before, eventIds }: SubscriptionWrite) {
  if (eventIds.length === 0) return
  await db
    .updateTable('stripe_events')
    .set({ state: 'done', subscription_id: before.id, last_error: null })
    .where('event_id', '=', sql<string>`any(${eventIds})`)
    .where('state', '!=', 'parked')
    .execute()
}
