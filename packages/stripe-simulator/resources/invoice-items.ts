import { retrieval } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import { flag, id, range } from '../http/params.ts'

/** Prorations, pending or invoiced. */
export const invoiceItems = [
  retrieval('GET /v1/invoiceitems/:id', {
    answers: 'invoiceitem',
    table: 'invoiceItems',
    noun: 'invoice item',
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
