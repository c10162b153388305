import type { RequestOf, Call, CallOptions } from './call.ts'
import { eachOf } from './pages.ts'

type Query = NonNullable<RequestOf<'GET /invoices'>['query']>

/** The invoices of one user, newest first. */
export const createInvoices = (call: Call) => ({
  /** One page of invoices. */
  list: (query: Query = {}, options?: CallOptions) => call('GET /invoices', { query }, options),
  /** All invoices; each page is fetched when the one before is used up. */
  each: (query: Omit<Query, 'after'> = {}, options?: CallOptions) =>
    eachOf(async (after) => {
      const request = after === undefined ? query : { ...query, after }
      const { invoices, next } = await call('GET /invoices', { query: request }, options)
      return { items: invoices, next }
    }),
})
