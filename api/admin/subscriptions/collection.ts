import { OpenAPIHono, z } from '@hono/zod-openapi'
import { note } from '../../../adapters/text.ts'
import {
  DAYS_UNTIL_DUE_MAX,
  PO_NUMBER_MAX_CHARACTERS,
  type NetTerms,
} from '../../../domain/invoice/net-terms.ts'
import { changeCollection } from '../../../workflows/contract.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { idempotencyHeader } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problemResponses } from '../../problem.ts'
import { requestObject } from '../../request-object.ts'
import { createRoute } from '../../route.ts'
import { refusalByWorkflow } from '../../subscriptions/command.ts'
import { validationHook } from '../../validation.ts'
import { reasonField } from '../request.ts'
import { operate, params, PROBLEMS } from './operate.ts'
import { operatedSchema, viewForOperators } from './view.ts'

const METHODS = ['charge_automatically', 'send_invoice'] as const

const collectionRequest = requestObject({
  method: z
    .enum(METHODS)
    .describe(
      '`send_invoice`: Stripe sends each later invoice with a due date, and charges nothing.',
    ),
  days_until_due: z
    .int()
    .min(1)
    .max(DAYS_UNTIL_DUE_MAX)
    .optional()
    .describe('Required for `send_invoice`, and only for it.'),
  po_number: note(PO_NUMBER_MAX_CHARACTERS)
    .min(1)
    .optional()
    .describe('The customer’s purchase order, printed on each later invoice.'),
  reason: reasonField,
})
  .refine(
    ({ method, days_until_due: days }) => (method === 'send_invoice') === (days !== undefined),
    { path: ['days_until_due'], message: 'is required for `send_invoice`, and only for it' },
  )
  .refine(({ method, po_number: number }) => method === 'send_invoice' || number === undefined, {
    path: ['po_number'],
    message: 'is only for `send_invoice`',
  })
  .openapi('CollectionRequest')

const route = createRoute({
  operationId: 'changeCollection',
  callers: 'operator',
  method: 'put',
  path: '/admin/subscriptions/{id}/collection',
  tags: ['Operators'],
  summary: 'Send invoices with net terms, or charge automatically',
  description:
    'Net terms are credit that an operator gives: the customer has access from the start of a period, and pays its invoice by the due date. The subscription is past due after that. Open invoices stay as they are. Repeating it changes nothing.',
  request: { headers: idempotencyHeader, params, body: jsonBody(collectionRequest) },
  responses: {
    200: { description: 'The subscription.', content: jsonContent(operatedSchema) },
    ...problemResponses('nothing_to_collect', 'change_pending', ...PROBLEMS),
  },
})

/** Gives a customer net terms, or ends them. */
export const changeCollectionOf = (dependencies: ApiDependencies) => {
  const { repositories, workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, (c) => {
    const { keyId } = operatorOf(c)
    const { reason, ...body } = c.req.valid('json')
    const terms = termsOf(body)
    return operate(c, dependencies, keyId, {
      request: { operation: 'collection', terms, reason },
      send: (target) => workflows.command(changeCollection, target, { terms, reason, keyId }),
      answer: async (answer, before) => {
        if (answer.kind === 'refused') return refusalByWorkflow(answer.code)
        const after = (await repositories.subscriptions.find(before.id)) ?? before
        return {
          status: 200,
          body: await viewForOperators(after, repositories.plans, clock.now()),
        }
      },
    })
  })
}

const termsOf = ({
  days_until_due: days,
  po_number: poNumber,
}: Pick<z.infer<typeof collectionRequest>, 'days_until_due' | 'po_number'>): NetTerms | null =>
  days === undefined ? null : { daysUntilDue: days, poNumber: poNumber ?? null }
