import { DAY, spanAt } from './calendar.ts'
import { offerOf } from './catalogue.ts'
import { beginCounting, collect, end, leaveStripe, renew } from './billing.ts'
import { sendLetter } from './mails.ts'
import { leavePause, openWindows } from './quota.ts'
import { liveOf, type Agreement, type Invoice, type Customer } from './customer.ts'

/** How long before its end a trial's reminder is sent. */
const REMINDER_MS = 3 * DAY

type Due = { readonly at: number; readonly happen: () => void }

/** The instant of this customer's next event by time alone. */
export const nextAt = (customer: Customer): number | undefined => nextDue(customer, 0)?.at

/** Applies all events by time until `to`, each at its own instant. We see Stripe's events by then. */
export function pass(customer: Customer, to: number): void {
  for (
    let due = nextDue(customer, to);
    due !== undefined && due.at <= to;
    due = nextDue(customer, to)
  ) {
    if (customer.agreement !== null) openWindows(customer.agreement, due.at - 1)
    due.happen()
  }
}

function nextDue(customer: Customer, seenAt: number): Due | undefined {
  const agreement = liveOf(customer)
  if (agreement === null) return undefined
  const dues = [
    pageEnd(agreement),
    cancellation(customer, agreement),
    lapse(agreement),
    reminder(customer, agreement),
    ...customer.invoices.map((made) => collection(customer, agreement, { made, seenAt })),
    periodEnd(customer, agreement, seenAt),
  ].filter((due) => due !== null)
  return dues.reduce<Due | undefined>(
    (first, due) => (first === undefined || due.at < first.at ? due : first),
    undefined,
  )
}

function pageEnd(agreement: Agreement): Due | null {
  const { page } = agreement
  if (page === null) return null
  return {
    at: page.until,
    happen: () => {
      agreement.page = null
      if (agreement.status === 'incomplete') agreement.status = 'incomplete_expired'
    },
  }
}

function cancellation(customer: Customer, agreement: Agreement): Due | null {
  const { cancelAt } = agreement
  if (cancelAt === null) return null
  return {
    at: cancelAt,
    happen: () => {
      leavePause(agreement, cancelAt)
      end(customer, agreement)
    },
  }
}

/** A change expires without payment. */
function lapse(agreement: Agreement): Due | null {
  const { pending } = agreement
  if (pending?.kind !== 'awaiting_payment') return null
  return {
    at: pending.at,
    happen: () => {
      if (pending.invoice !== null) pending.invoice.status = 'void'
      agreement.pending = null
    },
  }
}

function reminder(customer: Customer, agreement: Agreement): Due | null {
  const { trialEnd, period, cancelAt } = agreement
  if (agreement.status !== 'trialing' || trialEnd === null || agreement.isReminded) return null
  const at = trialEnd - REMINDER_MS
  if (cancelAt !== null || at <= period.start) return null
  return {
    at,
    happen: () => {
      agreement.isReminded = true
      sendLetter(customer, agreement, 'trialEnding')
    },
  }
}

function collection(
  customer: Customer,
  agreement: Agreement,
  { made, seenAt }: { readonly made: Invoice; readonly seenAt: number },
): Due | null {
  const { nextAt: at } = made
  if (at === null) return null
  return {
    at,
    happen: () => {
      collect(customer, agreement, made)
      // Grace counts from when we received the event.
      if (agreement.pastDueSince?.from === at) agreement.pastDueSince = { from: at, to: seenAt }
    },
  }
}

function periodEnd(customer: Customer, agreement: Agreement, seenAt: number): Due | null {
  const { status, period, isBilled, pending } = agreement
  if (status === 'incomplete' || status === 'paused') return null
  return {
    at: period.end,
    happen: () => {
      if (!isBilled)
        agreement.period = spanAt(
          agreement.anchor.from,
          offerOf(agreement.choice).months,
          period.end,
        )
      else if (pending?.choice.plan === 'plan_free')
        leaveStripe(customer, agreement, { from: period.end, to: period.end })
      else {
        renew(customer, agreement)
        if (status === 'trialing') beginCounting(agreement, { from: period.end, to: seenAt })
      }
    },
  }
}
