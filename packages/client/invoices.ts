import type { WorkflowReply, Call, CallOptions } from './call.ts'
import { eachOf } from './pages.ts'

type Query = NonNullable<WorkflowReply<'GET /invoices'>['query']>

/** The bills of one user, the newest first. */
export const createInvoices = (call: Call) => ({
  /** One page of them. */
  list: (query: Query = {}, options?: CallOptions) => call('GET /invoices', { query }, options),
  /** Every one of them, fetched page by page as they are asked for. */
  each: (query: Omit<Query, 'after'> = {}, options?: CallOptions) =>
    eachOf(async (after) => {
      const asked = after === undefined ? query : { ...query, after }
      const { invoices, next } = await call('GET /invoices', { query: asked }, options)
      return { items: invoices, next }
    }),
})
