import { OpenAPIHono, z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { isDisputed, type Invoice } from '../../domain/invoice/invoice.ts'
import { COLLECTIONS } from '../../domain/stripe/snapshot.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { createRoute } from '../route.ts'
import { below } from '../links.ts'

const LIMIT_MAX = 100
const LIMIT_DEFAULT = 20
/** Stripe's ids have at most 255 characters. */
const ID_MAX_CHARACTERS = 255

const instant = z.iso.datetime()
const minor = z.int().describe('In minor units.')

/** The sums of an invoice: all four, or none for an invoice that an older build read last. */
export const invoiceSums = {
  subtotal_minor: z.int().nullable().describe('The sum of all lines, in minor units.'),
  discount_minor: z.int().nullable().describe('The amount that coupons took off, in minor units.'),
  tax_minor: z
    .int()
    .nullable()
    .describe('All taxes in minor units, also those that the prices include.'),
  total_minor: z
    .int()
    .nullable()
    .describe(
      'The subtotal less the discount, plus the taxes that the prices do not include. Negative when the invoice adds to the customer’s credit.',
    ),
} as const

const invoiceSchema = z
  .object({
    id: z.string(),
    subscription_id: z.uuid(),
    number: z.string().nullable(),
    status: z
      .string()
      .describe('Stripe’s invoice status: `open`, `paid`, `void` or `uncollectible`.'),
    reason: z
      .string()
      .describe('Stripe’s billing reason, such as `subscription_cycle` for a renewal.'),
    currency: z.string(),
    ...invoiceSums,
    amount_due_minor: minor,
    amount_paid_minor: minor,
    amount_refunded_minor: minor.describe('The refunded amount, in minor units.'),
    amount_credited_minor: minor.describe('The amount of credit notes, in minor units.'),
    period: z
      .object({ start: instant, end: instant })
      .describe('The period that the invoice covers.'),
    collection: z.enum(COLLECTIONS).describe('The state of the payment’s collection.'),
    attempt_count: z.int(),
    next_payment_attempt: instant
      .nullable()
      .describe('Null if Stripe does not try again automatically.'),
    due_at: instant
      .nullable()
      .describe(
        'When an invoice that was sent has to be paid; null if it is charged automatically.',
      ),
    hosted_url: z
      .url()
      .nullable()
      .describe('Stripe’s page for the invoice, where an open invoice can be paid.'),
    dispute_status: z.string().nullable().describe('Stripe’s status of the latest dispute.'),
    is_disputed: z.boolean().describe('Whether a dispute about the payment is open.'),
    created_at: instant,
    paid_at: instant.nullable(),
  })
  .openapi('Invoice')

const route = createRoute({
  operationId: 'listInvoices',
  leadsTo: [below('/admin/invoices/{id}', { id: '$response.body#/invoices/0/id' })],
  callers: 'reader',
  method: 'get',
  path: '/invoices',
  tags: ['Invoices'],
  summary: 'List the user’s invoices, newest first',
  description: 'A copy of Stripe’s invoices, usually a few seconds old. Drafts are not included.',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
      after: text(ID_MAX_CHARACTERS)
        .optional()
        .describe('The id of an invoice: returns only older ones. For the next page, send `next`.'),
    }),
  },
  responses: {
    200: {
      description: 'A page of invoices.',
      content: jsonContent(
        z.object({
          invoices: z.array(invoiceSchema),
          next: z
            .string()
            .nullable()
            .describe('The value of `after` for the next page; null on the last page.'),
        }),
      ),
    },
    ...problemResponses(...USER_PROBLEMS),
  },
})

/** The invoices of a user. */
export const listInvoices = ({ repositories }: ApiDependencies) => {
  const { invoices, subscriptions } = repositories
  const isInvoiceOf = async (userId: string, invoiceId: string) => {
    const invoice = await invoices.find(invoiceId)
    const subscription = invoice && (await subscriptions.find(invoice.subscriptionId))
    return subscription?.userId === userId
  }
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = userOf(c)
      const { limit, after } = c.req.valid('query')
      if (after !== undefined && !(await isInvoiceOf(user.userId, after)))
        return problem(
          c,
          'invalid_request',
          '`after` is not an invoice of this user. Leave it out for the first page.',
          {
            errors: [{ field: 'after', detail: 'must be the id of an invoice of this user' }],
          },
        )
      // One more than requested shows whether there is another page.
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
  subtotal_minor: invoice.amounts?.subtotalMinor ?? null,
  discount_minor: invoice.amounts?.discountMinor ?? null,
  tax_minor: invoice.amounts?.taxMinor ?? null,
  total_minor: invoice.amounts?.totalMinor ?? null,
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
  due_at: invoice.dueAt?.toISOString() ?? null,
  hosted_url: invoice.hostedUrl,
  dispute_status: invoice.disputeStatus,
  is_disputed: isDisputed(invoice),
  created_at: invoice.createdAt.toISOString(),
  paid_at: invoice.paidAt?.toISOString() ?? null,
})
