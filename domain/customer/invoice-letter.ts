import { isFree } from '../catalogue/plan.ts'
import { failedAttempts, type Invoice, isFirst, isOfRenewal } from '../invoice/invoice.ts'
import { collectionFact, letterKey } from '../keys.ts'
import { isOver, type Subscription } from '../subscription/subscription.ts'
import type { Letter, LetterKind } from './letter.ts'
import {
  contentOf,
  invoiceContent,
  nextStep,
  type Around,
  type LetterContent,
} from './letter-content.ts'

/** Stripe retries webhooks for three days; a payment seen later than that is too old for a letter. @see https://docs.stripe.com/webhooks#automatic-retries */
const NEWS_MAX_MS = 4 * 86_400_000

/** An invoice before and after a reading; `before` is undefined for the first one. */
export type InvoiceReading = { readonly before: Invoice | undefined; readonly after: Invoice }

/**
 * Letters about an invoice: a payment, a refund, and each failed attempt of Stripe to collect it.
 *
 * Each key names the invoice and the fact. So each fact is sent once, even if the invoice is read ten times, late, or by two
 * processes.
 */
export function lettersOfInvoice(
  { before, after }: InvoiceReading,
  subscription: Subscription,
  around: Omit<Around, 'invoice'>,
  at: Date,
): Letter[] {
  const isNews = after.paidAt !== null && at.getTime() - after.paidAt.getTime() < NEWS_MAX_MS
  const refunded = after.refundedMinor - (before?.refundedMinor ?? 0)
  const unkeyed = isFirst(after)
    ? ofTerms(after, at)
    : [...ofTerms(after, at), ...ofCollection(after, subscription, around, isNews)]
  // A refund that the first reading finds may be as old as the invoice.
  const isRefund = refunded > 0 && (before !== undefined || isNews)
  return (isRefund ? [...unkeyed, refundLetter(after, refunded)] : unkeyed).map(
    ({ kind, fact, content }) => ({
      key: letterKey(subscription.id, fact),
      kind,
      content: {
        ...contentOf(subscription, around),
        ...invoiceContent(after),
        currency: after.currency,
        periodEnd: after.period.end.toISOString(),
        nextAttempt: after.nextPaymentAttempt?.toISOString() ?? null,
        payUrl: after.hostedUrl,
        ...(after.dueAt && { dueAt: after.dueAt.toISOString() }),
        ...content,
      },
    }),
  )
}

type UnkeyedLetter = {
  readonly kind: LetterKind
  readonly fact: string
  readonly content: Partial<LetterContent>
}

/**
 * An invoice that was sent with a due date, which nothing charges by itself. The first reading may be late: an invoice that is
 * overdue already gets that letter alone.
 */
function ofTerms({ id, status, dueAt, amountDueMinor }: Invoice, at: Date): UnkeyedLetter[] {
  if (status !== 'open' || dueAt === null || amountDueMinor <= 0) return []
  const content = { amountMinor: amountDueMinor }
  return at < dueAt
    ? [{ kind: 'invoice_issued', fact: collectionFact('invoice_issued', id, ''), content }]
    : [{ kind: 'invoice_overdue', fact: collectionFact('invoice_overdue', id, ''), content }]
}

/** Keyed by what is refunded in total: a second refund is a second fact. */
const refundLetter = ({ id, refundedMinor }: Invoice, amountMinor: number): UnkeyedLetter => ({
  kind: 'payment_refunded',
  fact: `refunded/${id}/${refundedMinor}`,
  content: { amountMinor },
})

function ofCollection(
  invoice: Invoice,
  subscription: Subscription,
  around: Omit<Around, 'invoice'>,
  isNews: boolean,
): UnkeyedLetter[] {
  const { id, status, collection } = invoice
  if (status === 'paid')
    return isNews && !isFree(around.plan) ? ofPayment(invoice, subscription, around) : []
  if (status !== 'open') return []
  const attempt = failedAttempts(invoice)
  const content = { amountMinor: invoice.amountDueMinor }
  if (collection === 'action_required')
    return [
      {
        kind: 'payment_action_required',
        fact: collectionFact('action_required', id, attempt),
        content,
      },
    ]
  if (collection === 'declined')
    return [
      { kind: 'payment_failed', fact: collectionFact('payment_failed', id, attempt), content },
    ]
  return []
}

/** One letter for a payment, whichever it is: they share a key, because the subscription may change between two readings. */
function ofPayment(
  invoice: Invoice,
  subscription: Subscription,
  around: Omit<Around, 'invoice'>,
): UnkeyedLetter[] {
  const fact = `renewed/${invoice.id}`
  const amountMinor = invoice.amountPaidMinor
  if (isOver(subscription)) return [{ kind: 'payment_received', fact, content: { amountMinor } }]
  if (!isOfRenewal(invoice)) return []
  // The row may still show the period before.
  const next = nextStep({ ...subscription, status: 'active', period: invoice.period }, around)
  const isConversion = subscription.trialEnd?.getTime() === invoice.period.start.getTime()
  return [
    {
      kind: isConversion ? 'trial_converted' : 'subscription_renewed',
      fact,
      content: { amountMinor, next },
    },
  ]
}

/**
 * Prefixes of the keys of all letters about failed payments of this invoice. Unsent letters with these keys are dropped
 * when the invoice's state changes, so that no customer is asked to pay a paid invoice.
 */
export const collectionLetterPrefixes = ({
  id,
  subscriptionId,
}: Pick<Invoice, 'id' | 'subscriptionId'>): string[] => [
  letterKey(subscriptionId, collectionFact('payment_failed', id, '')),
  letterKey(subscriptionId, collectionFact('action_required', id, '')),
  letterKey(subscriptionId, collectionFact('invoice_issued', id, '')),
  letterKey(subscriptionId, collectionFact('invoice_overdue', id, '')),
]
