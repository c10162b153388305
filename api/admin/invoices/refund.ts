import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ReturnOutcome } from '../../../adapters/stripe/commands/return-money.ts'
import type { InvoiceLine, Returns } from '../../../adapters/stripe/reading/money-of-invoice.ts'
import { endsSubscription } from '../../../domain/invoice/money-back.ts'
import { returnableMinor, type ReturnTarget } from '../../../domain/invoice/money-return.ts'
import { returnKey } from '../../../domain/keys.ts'
import { mirrorInvoice } from '../../../sync/mirror-invoice.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { answerOnce, problemAnswer, type Answer } from '../../idempotency.ts'
import { problem } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { linesRoute, previewRoute, refundRoute, type linesSchema } from './routes.ts'

const NOT_FOUND = 'There is no invoice with this id.'
const NOTHING_LEFT =
  'Less than `amount_minor` is left to return. GET /admin/invoices/{id}/lines says how much.'
const MOVED_ON = 'Another refund or credit came first. Preview this one again.'

/** Lines of an invoice, and returning its money. */
export const invoiceRefunds = (dependencies: ApiDependencies) => {
  const { stripeInvoices } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(linesRoute, async (c) => {
      const { id } = c.req.valid('param')
      const found = await findInvoice(dependencies, id)
      const [lines, returns] = await Promise.all([
        found && stripeInvoices.readLines(id),
        found && stripeInvoices.readReturns(id),
      ])
      if (lines === undefined || returns === undefined)
        return problem(c, 'invoice_not_found', NOT_FOUND)
      return c.json(viewOfLines(id, lines, returns), 200)
    })
    .openapi(previewRoute, async (c) => {
      const { id } = c.req.valid('param')
      const { to, amount_minor } = c.req.valid('json')
      const found = await findInvoice(dependencies, id)
      const returns = found && (await stripeInvoices.readReturns(id))
      if (found === undefined || returns === undefined)
        return problem(c, 'invoice_not_found', NOT_FOUND)
      const returnable_minor = returnableMinor(returns, to)
      if (amount_minor > returnable_minor) return problem(c, 'nothing_to_return', NOTHING_LEFT)
      const refundedMinor = returns.payments.reduce((sum, each) => sum + each.refundedMinor, 0)
      const after = { ...found.invoice, refundedMinor: refundedMinor + amount_minor }
      const ends_subscription =
        to === 'card' && endsSubscription(after, found.subscription, dependencies.moneyBack)
      const { currency } = returns
      return c.json(
        { invoice_id: id, to, amount_minor, currency, returnable_minor, ends_subscription },
        200,
      )
    })
    .openapi(refundRoute, async (c) => {
      const operator = operatorOf(c)
      const { keyId } = operator
      const { id } = c.req.valid('param')
      const request = c.req.valid('json')
      const keyed = {
        caller: `operator/${keyId}`,
        request: { operation: 'refund-invoice', id, request },
      }
      return answerOnce(c, dependencies, keyed, ({ key }) =>
        refund(c, dependencies, { id, keyId, command: returnKey(keyId, key), ...request }),
      )
    })
}

const viewOfLines = (
  id: string,
  lines: readonly InvoiceLine[],
  returns: Returns,
): z.infer<typeof linesSchema> => ({
  invoice_id: id,
  currency: returns.currency,
  lines: lines.map(({ description, quantity, amountMinor, period }) => ({
    description,
    quantity,
    amount_minor: amountMinor,
    period: { start: period.start.toISOString(), end: period.end.toISOString() },
  })),
  returnable: {
    card_minor: returnableMinor(returns, 'card'),
    balance_minor: returnableMinor(returns, 'balance'),
  },
})

type Request = {
  readonly id: string
  readonly keyId: string
  readonly command: string
  readonly to: ReturnTarget
  readonly amount_minor: number
  readonly reason: string
  readonly expected_returnable_minor?: number | undefined
}

/** Returns the money, records the action, and mirrors the invoice. Each step may run again. */
async function refund(
  c: Context<ApiEnvironment>,
  dependencies: ApiDependencies,
  { id, keyId, command, to, amount_minor, reason, expected_returnable_minor }: Request,
): Promise<Answer> {
  const { repositories, stripe, clock } = dependencies
  const found = await findInvoice(dependencies, id)
  if (found === undefined) return problemAnswer(c, 'invoice_not_found', NOT_FOUND)
  const order = { invoiceId: id, to, amountMinor: amount_minor, command, memo: reason }
  const outcome = await stripe.returnMoney({ ...order, expectedMinor: expected_returnable_minor })
  if (outcome.kind !== 'returned') return refusalOf(c, outcome)
  const { currency } = outcome
  const at = clock.now()
  await repositories.usageExtras.noteAction(
    command,
    {
      userId: found.subscription.userId,
      action: to === 'card' ? 'refund_invoice' : 'credit_invoice',
      before: null,
      after: { invoiceId: id, amountMinor: amount_minor, currency, reason },
    },
    { at, keyId, askedBy: null },
  )
  const reading = { invoiceId: id, moneyBack: true, at, finishedEvents: () => [] }
  await mirrorInvoice(dependencies, reading)
  return { status: 201, body: { invoice_id: id, to, amount_minor, currency } }
}

function refusalOf(
  c: Context<ApiEnvironment>,
  { kind }: Exclude<ReturnOutcome, { kind: 'returned' }>,
): Answer {
  if (kind === 'unknown_invoice') return problemAnswer(c, 'invoice_not_found', NOT_FOUND)
  return kind === 'moved_on'
    ? problemAnswer(c, 'moved_on', MOVED_ON)
    : problemAnswer(c, 'nothing_to_return', NOTHING_LEFT)
}

/** The mirrored invoice and its subscription. Stripe's other invoices are not refunded here. */
async function findInvoice({ repositories }: ApiDependencies, id: string) {
  const invoice = await repositories.invoices.find(id)
  const subscription = invoice && (await repositories.subscriptions.find(invoice.subscriptionId))
  return invoice && subscription && { invoice, subscription }
}
