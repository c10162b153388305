import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from 'kysely'
import { subscriptionId } from '../../domain/ids.ts'
import type { Invoice } from '../../domain/invoice.ts'
import { collectionNoticePrefixes } from '../../domain/notice.ts'
import type { InvoiceRepository, InvoiceWrite, WriteOutcome } from '../../domain/repositories.ts'
import { factsOf } from '../../domain/timeline.ts'
import type { Database, InvoicesTable } from './schema.ts'
import { finishEvents, insertChanges, insertNotices } from './subscription-write.ts'

export function createInvoiceRepository(db: Kysely<Database>): InvoiceRepository {
  return {
    async find(id) {
      const row = await db
        .selectFrom('invoices')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && invoiceFromRow(row)
    },

    save: (write) => db.transaction().execute((transaction) => saveInvoice(transaction, write)),

    async listOfUser(userId, { limit, after }) {
      const before = db
        .selectFrom('invoices')
        .select(['created_at', 'id'])
        .where('id', '=', after ?? '')
      const rows = await db
        .selectFrom('invoices as i')
        .innerJoin('subscriptions as s', 's.id', 'i.subscription_id')
        .selectAll('i')
        .where('s.user_id', '=', userId)
        .where('i.status', 'not in', ['draft', 'deleted'])
        .$if(after !== undefined, (query) =>
          query.where(sql<boolean>`(i.created_at, i.id) < (${before})`),
        )
        .orderBy('i.created_at', 'desc')
        .orderBy('i.id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(invoiceFromRow)
    },
  }
}

/**
 * Writes one reading of a bill with its entries and notices, all or nothing. Running it twice: the second finds
 * `observed_seq` moved on and writes nothing (`superseded`).
 */
async function saveInvoice(
  transaction: Transaction<Database>,
  write: InvoiceWrite,
): Promise<WriteOutcome> {
  const { before, after, subscription, at } = write
  // The timeline counts its entries: its workflow and its bills take turns.
  await transaction
    .selectFrom('subscriptions')
    .select('id')
    .where('id', '=', subscription.id)
    .forUpdate()
    .execute()
  if (!(await writeRow(transaction, before, after))) return 'superseded'
  const facts = factsOf(subscription)
  await insertChanges(
    transaction,
    subscription.id,
    write.changes.map(({ kind, cause }) => ({
      kind,
      cause,
      at,
      actor: 'stripe',
      before: facts,
      after: facts,
    })),
  )
  await insertNotices(transaction, subscription.id, write)
  await skipOvertaken(transaction, write)
  await finishEvents(transaction, subscription.id, write.eventIds)
  return 'saved'
}

/** A message that waits for a mail server, and asks for what has been settled or tried again meanwhile, is not sent. */
async function skipOvertaken(db: Kysely<Database>, { after, notices }: InvoiceWrite) {
  const present = notices.map(({ key }) => key)
  for (const prefix of collectionNoticePrefixes(after))
    await db
      .updateTable('notices')
      .set({ state: 'skipped', last_error: 'overtaken by what became of the bill' })
      .where('subscription_id', '=', after.subscriptionId)
      .where('state', '=', 'pending')
      .where(sql<boolean>`starts_with(key, ${prefix})`)
      .where('key', '!=', sql<string>`all(${present})`)
      .execute()
}

async function writeRow(
  db: Kysely<Database>,
  before: Invoice | undefined,
  after: Invoice,
): Promise<boolean> {
  const row = rowFromInvoice(after)
  const written =
    before === undefined
      ? await db
          .insertInto('invoices')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
      : await db
          .updateTable('invoices')
          .set(row)
          .where('id', '=', after.id)
          .where('observed_seq', '=', before.observedSeq)
          .returning('id')
          .executeTakeFirst()
  return written !== undefined
}

const invoiceFromRow = (row: Selectable<InvoicesTable>): Invoice => ({
  id: row.id,
  subscriptionId: subscriptionId(row.subscription_id),
  number: row.number,
  status: row.status,
  reason: row.billing_reason,
  currency: row.currency,
  amountDueMinor: row.amount_due_minor,
  amountPaidMinor: row.amount_paid_minor,
  period: { start: row.period_start, end: row.period_end },
  collection: row.collection,
  attemptCount: row.attempt_count,
  nextPaymentAttempt: row.next_payment_attempt,
  hostedUrl: row.hosted_invoice_url,
  createdAt: row.created_at,
  paidAt: row.paid_at,
  creditedMinor: row.credited_minor,
  refundedMinor: row.refunded_minor,
  disputeStatus: row.dispute_status,
  observedSeq: row.observed_seq,
})

const rowFromInvoice = (invoice: Invoice): Insertable<InvoicesTable> => ({
  id: invoice.id,
  subscription_id: invoice.subscriptionId,
  number: invoice.number,
  status: invoice.status,
  billing_reason: invoice.reason,
  currency: invoice.currency,
  amount_due_minor: invoice.amountDueMinor,
  amount_paid_minor: invoice.amountPaidMinor,
  period_start: invoice.period.start,
  period_end: invoice.period.end,
  collection: invoice.collection,
  attempt_count: invoice.attemptCount,
  next_payment_attempt: invoice.nextPaymentAttempt,
  hosted_invoice_url: invoice.hostedUrl,
  created_at: invoice.createdAt,
  paid_at: invoice.paidAt,
  credited_minor: invoice.creditedMinor,
  refunded_minor: invoice.refundedMinor,
  dispute_status: invoice.disputeStatus,
  observed_seq: invoice.observedSeq,
})
