import type { InvoiceRepository } from '../../../domain/invoice/repository.ts'
import { listInvoices, saveInvoice } from '../operations/invoices.ts'
import type { Operations } from '../operations/port.ts'
import { invoiceFromRow } from '../tables/invoice-rows.ts'
import type { Tables } from './rows.ts'

export const createInvoiceRepository = (
  tables: Tables,
  operations: Operations,
): InvoiceRepository => ({
  async find(id) {
    const row = await tables.first('invoices', (from) => from.select().eq('id', id))
    return row && invoiceFromRow(row)
  },

  save: (write) => saveInvoice(operations, write),

  listOfUser: (userId, page) => listInvoices(operations, userId, page),
})
