import { collectionLetterPrefixes } from '../../../domain/customer/invoice-letter.ts'
import type { InvoiceRepository, InvoiceWrite } from '../../../domain/invoice/repository.ts'
import type { WriteOutcome } from '../../../domain/subscription/repository.ts'
import { factsOf } from '../../../domain/subscription/timeline.ts'
import { webhooksOfInvoice, webhookOfInvoiceChange } from '../../../domain/webhook/webhook.ts'
import { invoiceFromRow, rowFromInvoice } from '../tables/invoice-rows.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'
import type { Tables } from './tables.ts'

/**
 * The mirror of Stripe’s invoices, in the table `invoices`. A write that does not continue from the `observed_seq` that it
 * read changes nothing.
 */
export const createInvoiceRepository = (
  tables: Tables,
  operations: Operations,
): InvoiceRepository => ({
  async find(id) {
    const row = await tables.find('invoices', { where: { id } })
    return row && invoiceFromRow(row)
  },

  save: (write) => saveInvoice(operations, write),

  async listOfUser(userId, { limit, after }) {
    const page = { p_user: userId, p_limit: limit, p_after: after ?? null }
    return (await operations.rows('list_invoices', page)).map(invoiceFromRow)
  },
})

/**
 * Writes an invoice with its timeline entries and letters, all or nothing. A second call with the same write finds
 * `observed_seq` advanced and writes nothing (`superseded`).
 */
async function saveInvoice(
  operations: Operations,
  { before, after, subscription, at, changes, letters, eventIds, traceparent }: InvoiceWrite,
): Promise<WriteOutcome> {
  const facts = factsOf(subscription)
  const entries = [
    ...changes.map((change) => ({
      ...change,
      after: facts,
      event: webhookOfInvoiceChange(change, after),
    })),
    ...webhooksOfInvoice(before, after).map(({ cause, ...event }) => ({ cause, event })),
  ]
  const isSaved = await operations.value('save_invoice', {
    p_row: new Json({ ...rowFromInvoice(after), subscription_id: subscription.id }),
    p_seq: before?.observedSeq ?? null,
    p_now: at,
    p_changes: new Json(
      entries.map((entry) => ({ ...entry, at, actor: 'stripe', before: facts, traceparent })),
    ),
    p_notices: new Json(letters),
    p_overtaken: collectionLetterPrefixes(after),
    p_events: eventIds,
  })
  return isSaved ? 'saved' : 'superseded'
}
