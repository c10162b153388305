import type { Kysely } from 'kysely'
import type { InvoiceRepository } from '../../../domain/invoice/repository.ts'
import { listInvoices, saveInvoice } from '../operations/invoices.ts'
import type { Operations } from '../operations/port.ts'
import { invoiceFromRow } from '../tables/invoice-rows.ts'
import type { Database } from '../tables/schema.ts'

export const createInvoiceRepository = (
  db: Kysely<Database>,
  operations: Operations,
): InvoiceRepository => ({
  async find(id) {
    const row = await db.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirst()
    return row && invoiceFromRow(row)
  },

  save: (write) => saveInvoice(operations, write),

  listOfUser: (userId, page) => listInvoices(operations, userId, page),
})
