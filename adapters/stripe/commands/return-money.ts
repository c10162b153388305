import { returnableMinor, type ReturnTarget } from '../../../domain/invoice/money-return.ts'
import { readReturns, type Returns } from '../reading/money-of-invoice.ts'
import { isSavedFailure } from '../sdk/errors.ts'
import { METADATA_COMMAND } from '../sdk/metadata.ts'
import { keyed, type StripeContext } from './context.ts'

/** Money of a paid invoice to return. */
export type ReturnOrder = {
  readonly invoiceId: string
  readonly to: ReturnTarget
  /** In minor units, at least 1. */
  readonly amountMinor: number
  /** The amount that the operator saw as returnable; undefined does not compare. */
  readonly expectedMinor: number | undefined
  /** Names this command. Stripe keeps the name, so a repeat is recognized for as long as Stripe keeps the refund. */
  readonly command: string
  /** For the customer, on a credit note. */
  readonly memo: string
}

/** The result of a refund or a credit. */
export type ReturnOutcome =
  | { readonly kind: 'returned'; readonly currency: string }
  | { readonly kind: 'unknown_invoice' }
  /** More than is left to return. */
  | { readonly kind: 'too_much' }
  /** Another refund or credit came first. */
  | { readonly kind: 'moved_on' }

/** After this many saved failures in a row the error goes to the caller. */
const SAVED_FAILURES_MAX = 5

/**
 * Returns money of a paid invoice: a refund to the card, or a credit note on the customer's balance. It reads the refunds so
 * far first. Running it twice returns once: the second run finds the command's name at Stripe. Two commands at the same time
 * have the same idempotency key, because it counts the refunds so far, so only one of them is done.
 *
 * @see https://docs.stripe.com/refunds
 * @see https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
 */
export async function returnMoney(
  context: StripeContext,
  order: ReturnOrder,
): Promise<ReturnOutcome> {
  for (let failures = 0; ; failures++) {
    const before = await readReturns(context.stripe, order.invoiceId)
    const known = outcomeWithoutSending(before, order)
    if ('kind' in known) return known
    try {
      await send(context, known, order, failures)
      return { kind: 'returned', currency: known.currency }
    } catch (error) {
      if (isOtherCommand(error)) return { kind: 'moved_on' }
      // Stripe repeats its own failure for a day. It may still have returned the money, so this reads again first.
      if (failures === SAVED_FAILURES_MAX || !isSavedFailure(error)) throw error
    }
  }
}

/** The outcome, if there is nothing to send; otherwise the refunds so far. */
function outcomeWithoutSending(before: Returns | undefined, order: ReturnOrder) {
  if (before === undefined) return { kind: 'unknown_invoice' } as const
  if (before.commands.has(order.command))
    return { kind: 'returned', currency: before.currency } as const
  const leftMinor = returnableMinor(before, order.to)
  if (order.expectedMinor !== undefined && order.expectedMinor !== leftMinor)
    return { kind: 'moved_on' } as const
  if (order.amountMinor > leftMinor) return { kind: 'too_much' } as const
  return before
}

async function send(
  context: StripeContext,
  { count, payments }: Returns,
  { invoiceId, to, amountMinor, command, memo }: ReturnOrder,
  failures: number,
): Promise<void> {
  const { stripe } = context
  const { idempotencyKey } = keyed(context, {
    subject: invoiceId,
    command: failures === 0 ? 'return-money' : `return-money-again-${failures}`,
    generation: count,
  })
  const metadata = { [METADATA_COMMAND]: command }
  if (to === 'balance') {
    const note = {
      invoice: invoiceId,
      amount: amountMinor,
      credit_amount: amountMinor,
      memo,
      metadata,
    }
    await stripe.creditNotes.create(note, { idempotencyKey })
    return
  }
  const payment = payments.find((each) => each.amountMinor - each.refundedMinor >= amountMinor)
  if (payment === undefined) throw new RangeError(`no payment of ${invoiceId} covers the refund`)
  const refund = { payment_intent: payment.id, amount: amountMinor, metadata }
  await stripe.refunds.create(refund, { idempotencyKey })
}

/** The key was used for other parameters: another command returned money of this invoice at the same time. */
const isOtherCommand = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'StripeIdempotencyError'
