import { z } from '@hono/zod-openapi'
import { note, text } from '../../../adapters/text.ts'
import { RETURN_TARGETS } from '../../../domain/invoice/money-return.ts'
import { idempotencyHeader } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../../problem.ts'
import { requestObject } from '../../request-object.ts'
import { createRoute } from '../../route.ts'
import { instant } from '../request.ts'

/** Stripe's ids have at most 255 characters. */
const ID_MAX_CHARACTERS = 255
/** Stripe accepts amounts of up to eight digits; three-decimal currencies have more. */
const AMOUNT_MAX = 999_999_999_999
/** A memo of Stripe's credit notes has more; this fits the list of actions. */
const REASON_MAX_CHARACTERS = 500

const params = z.object({ id: text(ID_MAX_CHARACTERS) })
const minor = z.int().describe('In minor units.')
const tags = ['Operators']
const given = {
  to: z
    .enum(RETURN_TARGETS)
    .describe('`card` refunds the payment; `balance` is credit for the customer’s next invoices.'),
  amount_minor: z.int().min(1).max(AMOUNT_MAX).describe('In minor units.'),
}

/** The lines of an invoice, as Stripe has them now. */
export const linesSchema = z
  .object({
    invoice_id: z.string(),
    currency: z.string(),
    lines: z.array(
      z.object({
        description: z.string(),
        quantity: z.int().nullable(),
        amount_minor: minor.describe('In minor units, before taxes; negative for a credit.'),
        period: z.object({ start: instant, end: instant }),
      }),
    ),
    returnable: z
      .object({ card_minor: minor, balance_minor: minor })
      .describe('The amounts that can still be refunded to the card or credited to the balance.'),
  })
  .openapi('InvoiceLines')

/** The effect that a refund or a credit would have now. */
export const refundPreviewSchema = z
  .object({
    invoice_id: z.string(),
    ...given,
    currency: z.string(),
    returnable_minor: minor.describe(
      'Send it with the refund as `expected_returnable_minor`, so that it is refused if another one came first.',
    ),
    ends_subscription: z
      .boolean()
      .describe('Whether this refund ends the subscription and the access at once.'),
  })
  .openapi('RefundPreview')

/** The amount that was returned, and where it went. */
export const refundSchema = z
  .object({ invoice_id: z.string(), ...given, currency: z.string() })
  .openapi('InvoiceRefund')

const PROBLEMS = [
  'invoice_not_found',
  'payment_provider_rejected',
  'payment_provider_unavailable',
  ...OPERATOR_PROBLEMS,
] as const

/** Reads Stripe, because lines are not mirrored. */
export const linesRoute = createRoute({
  operationId: 'getInvoiceLines',
  callers: 'operator',
  method: 'get',
  path: '/admin/invoices/{id}/lines',
  tags,
  summary: 'Get the lines of an invoice, and the amount that can still be returned',
  description: 'Read from Stripe.',
  request: { params },
  responses: {
    200: { description: 'The lines.', content: jsonContent(linesSchema) },
    ...problemResponses(...PROBLEMS),
  },
})

/** Stores nothing, so it needs no `Idempotency-Key`. */
export const previewRoute = createRoute({
  operationId: 'previewInvoiceRefund',
  callers: 'operator',
  method: 'post',
  path: '/admin/invoices/{id}/refunds/preview',
  tags,
  summary: 'Preview a refund or a credit',
  description: 'Reads Stripe. Nothing changes.',
  request: { params, body: jsonBody(requestObject(given).openapi('RefundPreviewRequest')) },
  responses: {
    200: { description: 'The effect.', content: jsonContent(refundPreviewSchema) },
    ...problemResponses('malformed_json', 'nothing_to_return', ...PROBLEMS),
  },
})

/** Stripe is asked once per command: a repeat finds the first refund there. */
export const refundRoute = createRoute({
  operationId: 'refundInvoice',
  callers: 'operator',
  method: 'post',
  path: '/admin/invoices/{id}/refunds',
  tags,
  summary: 'Refund or credit a paid invoice',
  description:
    'Returns a part or all of the money, once per `Idempotency-Key`. A full refund of the current period may end the subscription: see `ON_FULL_REFUND`.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(
      requestObject({
        ...given,
        reason: note(REASON_MAX_CHARACTERS)
          .min(1)
          .describe('For the list of actions. The customer sees it on a credit note.'),
        expected_returnable_minor: z
          .int()
          .min(0)
          .optional()
          .describe('The preview’s `returnable_minor`. Another amount is refused with `moved_on`.'),
      }).openapi('InvoiceRefundRequest'),
    ),
  },
  responses: {
    201: { description: 'The money is on its way.', content: jsonContent(refundSchema) },
    ...problemResponses(
      'malformed_json',
      'nothing_to_return',
      'moved_on',
      'idempotency_key_reused',
      ...PROBLEMS,
    ),
  },
})
