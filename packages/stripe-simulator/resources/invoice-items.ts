import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import { flag, id, range } from '../http/params.ts'
import { missing } from '../http/refusal.ts'

/** Prorations, pending or invoiced. */
export const invoiceItems = [
  operation('GET /v1/invoiceitems/:id', {
    answers: 'invoiceitem',
    params: {},
    run(step, { ids }) {
      const row = step.find('invoiceItems', ids['id'] ?? '')
      if (row === undefined) throw missing('invoice item', ids['id'] ?? '', 'id', 'path')
      return row
    },
  }),
  operation('GET /v1/invoiceitems', {
    answers: 'invoiceitem',
    isList: true,
    params: { ...paging, created: range(), customer: id(), invoice: id(), pending: flag() },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/invoiceitems',
        noun: 'invoice item',
        table: 'invoiceItems',
        walk:
          params.customer === undefined ? undefined : { index: 'customer', key: params.customer },
        params,
        where: (row) =>
          within(params.created, row.date) &&
          (params.invoice === undefined || row.invoice === params.invoice) &&
          (params.pending === undefined || params.pending === (row.invoice === null)),
      }),
  }),
]
