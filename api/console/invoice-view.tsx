import type { z } from 'zod'
import type { Invoice } from '../../domain/invoice/invoice.ts'
import type { InvoiceAmounts } from '../../domain/stripe/snapshot.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { linesSchema } from '../admin/invoices/routes.ts'
import { titleOf } from '../web/format.ts'
import { toneOfInvoice } from '../web/invoice.tsx'
import { Badge, Card, Csrf } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { amountText } from './amount.ts'
import { Field } from './field.tsx'
import { Facts, type Fact } from './facts.tsx'
import { FORMAT } from './layout.tsx'
import { OutcomeAlert, type Outcome } from './queue.tsx'

/** An invoice as mirrored here, with its lines at Stripe. */
export type InvoiceDetails = {
  readonly invoice: Invoice
  readonly subscription: Subscription
  /** Undefined if Stripe does not answer. */
  readonly atStripe: z.infer<typeof linesSchema> | undefined
}

type Props = { readonly details: InvoiceDetails; readonly csrf: string; readonly outcome: Outcome }

/** The page of one invoice. */
export const InvoiceView = ({ details, csrf, outcome }: Props) => {
  const { invoice, subscription } = details
  return (
    <>
      <div class="head">
        <div>
          <div class="title">
            <h1>{invoice.number ?? invoice.id}</h1>
            <Badge tone={toneOfInvoice(invoice)}>{titleOf(invoice.status)}</Badge>
          </div>
          <p>
            Invoice of{' '}
            <a href={`/console/subscriptions/${subscription.id}`}>{subscription.userId}</a>
          </p>
        </div>
        {invoice.hostedUrl !== null && (
          <a class="button" href={invoice.hostedUrl} rel="noreferrer">
            Open at Stripe
          </a>
        )}
      </div>
      <OutcomeAlert {...outcome} />
      <div class="grid side">
        <div class="grid">
          <Summary invoice={invoice} />
          <Lines details={details} />
        </div>
        <Refund details={details} csrf={csrf} />
      </div>
    </>
  )
}

const at = (instant: Date | null) => instant && FORMAT.dateTime(instant)

const Summary = ({ invoice }: { readonly invoice: Invoice }) => {
  const { amounts } = invoice
  const amount = (minor: number) => FORMAT.money(minor, invoice.currency)
  const facts: readonly Fact[] = [
    ['Subtotal', amounts && amount(amounts.subtotalMinor)],
    ['Discount', amounts && amounts.discountMinor > 0 ? amount(-amounts.discountMinor) : null],
    ['Tax', amounts && taxOf(amounts, amount)],
    ['Total', amounts && amount(amounts.totalMinor)],
    ['Due', amount(invoice.amountDueMinor)],
    ['Paid', amount(invoice.amountPaidMinor)],
    ['Refunded', invoice.refundedMinor === 0 ? null : amount(invoice.refundedMinor)],
    ['Credited', invoice.creditedMinor === 0 ? null : amount(invoice.creditedMinor)],
    ['Paid on', at(invoice.paidAt)],
    ['Next attempt', at(invoice.nextPaymentAttempt)],
    ['Due', at(invoice.dueAt)],
    ['Period', `${FORMAT.date(invoice.period.start)} – ${FORMAT.date(invoice.period.end)}`],
    ['Created', at(invoice.createdAt)],
    ['Dispute', invoice.disputeStatus && titleOf(invoice.disputeStatus)],
    ['Stripe invoice', <code>{invoice.id}</code>],
  ]
  return (
    <Card title="Summary" id="summary" aside={<p>Times in UTC</p>}>
      <Facts facts={facts} />
    </Card>
  )
}

/** The taxes, and whether the prices include them; null without any. */
function taxOf(amounts: InvoiceAmounts, amount: (minor: number) => string): string | null {
  const { subtotalMinor, discountMinor, taxMinor, totalMinor } = amounts
  if (taxMinor === 0) return null
  const isIncluded = subtotalMinor - discountMinor === totalMinor
  return isIncluded ? `${amount(taxMinor)}, included` : amount(taxMinor)
}

const Lines = ({ details: { atStripe, invoice } }: Pick<Props, 'details'>) => (
  <Card title="Lines" id="lines" aside={<p>Before taxes</p>}>
    <Table
      rows={atStripe?.lines ?? []}
      empty={atStripe === undefined ? 'Stripe does not answer right now.' : 'No lines.'}
      columns={[
        { name: 'Line', cell: ({ description }) => description },
        {
          name: 'Period',
          class: 'muted nowrap',
          cell: ({ period }) =>
            `${FORMAT.date(new Date(period.start))} – ${FORMAT.date(new Date(period.end))}`,
        },
        { name: 'Quantity', kind: 'number', cell: ({ quantity }) => quantity ?? '' },
        {
          name: 'Amount',
          kind: 'number',
          cell: ({ amount_minor: minor }) => FORMAT.money(minor, invoice.currency),
        },
      ]}
    />
  </Card>
)

const Refund = ({ details: { invoice, atStripe }, csrf }: Omit<Props, 'outcome'>) => {
  const { id, currency } = invoice
  const { card_minor: card = 0, balance_minor: balance = 0 } = atStripe?.returnable ?? {}
  const most = Math.max(card, balance)
  if (most === 0)
    return (
      <Card title="Refund or credit" id="refund">
        <p class="empty">Nothing is left to return.</p>
      </Card>
    )
  return (
    <Card title="Refund or credit" id="refund">
      <form
        method="post"
        action={`/console/invoices/${encodeURIComponent(id)}/refund`}
        class="fields"
      >
        <Csrf token={csrf} />
        <Field
          id="amount"
          label={`Amount (${currency.toUpperCase()})`}
          value={amountText(most, currency)}
          inputmode="decimal"
          hint={`At most ${FORMAT.money(most, currency)} can be returned.`}
          required
        />
        <fieldset>
          <legend>Where</legend>
          <label class="choice">
            <input type="radio" name="to" value="card" checked={card > 0} disabled={card === 0} />
            Refund to the card
          </label>
          <label class="choice">
            <input type="radio" name="to" value="balance" checked={card === 0} />
            Credit for the next invoices
          </label>
        </fieldset>
        <Field
          id="reason"
          label="Reason"
          hint="Recorded with your key. With a credit, the customer sees it."
          maxlength={500}
          required
        />
        <div>
          <button class="primary">Review</button>
        </div>
      </form>
    </Card>
  )
}
