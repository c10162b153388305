import type { Invoice } from '../../../domain/invoice/invoice.ts'
import { collectionLetterPrefixes } from '../../../domain/customer/letter.ts'
import type { InvoicePage, InvoiceWrite } from '../../../domain/invoice/repository.ts'
import type { WriteOutcome } from '../../../domain/subscription/repository.ts'
import { factsOf } from '../../../domain/subscription/timeline.ts'
import { webhooksOfInvoice, webhookOfInvoiceChange } from '../../../domain/webhook/webhook.ts'
import { invoiceFromRow, rowFromInvoice } from '../tables/invoice-rows.ts'
import type { Row } from '../tables/schema.ts'
import { Json, type Operations } from './port.ts'

/**
 * Writes one reading of a bill with its entries and notices, all or nothing. Running it twice: the second finds
 * `observed_seq` moved on and writes nothing (`superseded`).
 */
export async function saveInvoice(
  operations: Operations,
  { before, after, subscription, at, changes, notices, eventIds, traceparent }: InvoiceWrite,
): Promise<WriteOutcome> {
  const facts = factsOf(subscription)
  const isSaved = await operations.value<boolean>('save_invoice', {
    p_row: new Json({ ...rowFromInvoice(after), subscription_id: subscription.id }),
    p_seq: before?.observedSeq ?? null,
    p_now: at,
    p_changes: new Json(
      [
        ...changes.map((change) => ({
          ...change,
          after: facts,
          event: webhookOfInvoiceChange(change, after),
        })),
        ...webhooksOfInvoice(before, after).map(({ cause, ...event }) => ({ cause, event })),
      ].map((change) => ({ ...change, at, actor: 'stripe', before: facts, traceparent })),
    ),
    p_notices: new Json(notices),
    p_overtaken: collectionLetterPrefixes(after),
    p_events: eventIds,
  })
  return isSaved === true ? 'saved' : 'superseded'
}

/** The bills of a user, the newest first; drafts are nobody's business yet. */
export async function listInvoices(
  operations: Operations,
  userId: string,
  { limit, after }: InvoicePage,
): Promise<Invoice[]> {
  const page = { p_user: userId, p_limit: limit, p_after: after ?? null }
  return (await operations.rows<Row<'invoices'>>('list_invoices', page)).map(invoiceFromRow)
}
