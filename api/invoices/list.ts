import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { text } from '../../adapters/database/text.ts'
import { isDisputed, type Invoice } from '../../domain/invoice/invoice.ts'
import { COLLECTIONS } from '../../domain/stripe/snapshot.ts'
import { readerOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'

const LIMIT_MAX = 100
const LIMIT_DEFAULT = 20
/** Stripe's ids are far shorter. */
const ID_MAX_CHARACTERS = 255

const instant = z.iso.datetime()
const minor = z.int().describe('In minor units.')

const invoiceSchema = z
  .object({
    id: z.string(),
    subscription_id: z.uuid(),
    number: z.string().nullable(),
    status: z.string().describe('Stripe’s word: `open`, `paid`, `void` or `uncollectible`.'),
    reason: z.string().describe('Stripe’s word, such as `subscription_cycle` for a renewal.'),
    currency: z.string(),
    amount_due_minor: minor,
    amount_paid_minor: minor,
    amount_refunded_minor: minor.describe('Went back to the card, in minor units.'),
    amount_credited_minor: minor.describe('Taken back by credit notes, in minor units.'),
    period: z.object({ start: instant, end: instant }).describe('The time that is paid for.'),
    collection: z.enum(COLLECTIONS).describe('What collecting it waits for.'),
    attempt_count: z.int(),
    next_payment_attempt: instant
      .nullable()
      .describe('Null when Stripe does not try again by itself.'),
    hosted_url: z.url().nullable().describe('Stripe’s page, where an open bill can be paid.'),
    dispute_status: z.string().nullable().describe('Stripe’s word for the latest dispute.'),
    is_disputed: z.boolean().describe('Whether a bank is deciding over its payment.'),
    created_at: instant,
    paid_at: instant.nullable(),
  })
  .openapi('Invoice')

const route = createRoute({
  method: 'get',
  path: '/invoices',
  tags: ['Invoices'],
  summary: 'The bills of the user, the newest first',
  description: 'A mirror of Stripe’s invoices, seconds behind them. Drafts are not shown.',
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
      after: text(ID_MAX_CHARACTERS)
        .optional()
        .describe('The id of a bill: only older ones are answered.'),
    }),
  },
  responses: {
    200: {
      description: 'A page of bills.',
      content: jsonContent(
        z.object({
          invoices: z.array(invoiceSchema),
          next: z
            .string()
            .nullable()
            .describe('What `after` has to be for the next page; null on the last.'),
        }),
      ),
    },
    ...problemResponses(
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const listInvoices = ({ repositories }: ApiDependencies) => {
  const { invoices, subscriptions } = repositories
  const isOf = async (userId: string, invoiceId: string) => {
    const invoice = await invoices.find(invoiceId)
    const subscription = invoice && (await subscriptions.find(invoice.subscriptionId))
    return subscription?.userId === userId
  }
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = readerOf(c)
      if (user.kind === 'refused') return user.answer
      const { limit, after } = c.req.valid('query')
      if (after !== undefined && !(await isOf(user.userId, after)))
        return problem(c, 'invalid_request', '`after` is no bill of this user; leave it out.', {
          errors: [{ field: 'after', detail: 'no bill of this user' }],
        })
      // One more than asked for tells whether there is another page.
      const found = await invoices.listOfUser(user.userId, { limit: limit + 1, after })
      const page = found.slice(0, limit)
      const next = found.length > limit ? (page.at(-1)?.id ?? null) : null
      return c.json({ invoices: page.map(viewOfInvoice), next }, 200)
    },
  )
}

const viewOfInvoice = (invoice: Invoice): z.infer<typeof invoiceSchema> => ({
  id: invoice.id,
  subscription_id: invoice.subscriptionId,
  number: invoice.number,
  status: invoice.status,
  reason: invoice.reason,
  currency: invoice.currency,
  amount_due_minor: invoice.amountDueMinor,
  amount_paid_minor: invoice.amountPaidMinor,
  amount_refunded_minor: invoice.refundedMinor,
  amount_credited_minor: invoice.creditedMinor,
  period: {
    start: invoice.period.start.toISOString(),
    end: invoice.period.end.toISOString(),
  },
  collection: invoice.collection,
  attempt_count: invoice.attemptCount,
  next_payment_attempt: invoice.nextPaymentAttempt?.toISOString() ?? null,
  hosted_url: invoice.hostedUrl,
  dispute_status: invoice.disputeStatus,
  is_disputed: isDisputed(invoice),
  created_at: invoice.createdAt.toISOString(),
  paid_at: invoice.paidAt?.toISOString() ?? null,
})
