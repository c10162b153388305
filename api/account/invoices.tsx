import type { Invoice } from '../../domain/invoice/invoice.ts'
import { titleOf } from '../web/format.ts'
import { InvoiceName, toneOfInvoice } from '../web/invoice.tsx'
import { Badge, Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import type { Visit } from './setting.ts'
import type { Texts } from './texts.ts'

type Props = { readonly invoices: readonly Invoice[]; readonly visit: Visit }

const wordFor = (status: string, { invoiceStatus }: Texts): string =>
  Object.entries(invoiceStatus).find(([name]) => name === status)?.[1] ?? titleOf(status)

type AmountProps = { readonly invoice: Invoice; readonly visit: Pick<Visit, 'texts' | 'format'> }

/** The amount of an invoice, with its due date, its taxes and the parts that were paid from credit and refunded. */
const Amount = ({ invoice, visit: { texts, format } }: AmountProps) => {
  const { amounts, amountDueMinor, creditUsedMinor, refundedMinor, currency } = invoice
  const { status, dueAt } = invoice
  const tax = amounts?.taxMinor ?? 0
  const fromCredit = Math.max(0, creditUsedMinor)
  return (
    <>
      {format.money(amountDueMinor + fromCredit, currency)}
      {tax > 0 && <div class="small">{texts.ofWhichTax(format.money(tax, currency))}</div>}
      {fromCredit > 0 && (
        <div class="small">{texts.fromCredit(format.money(fromCredit, currency))}</div>
      )}
      {status === 'open' && dueAt !== null && (
        <div class="small">{texts.payBy(format.date(dueAt))}</div>
      )}
      {refundedMinor > 0 && (
        <div class="small">{texts.refunded(format.money(refundedMinor, currency))}</div>
      )}
    </>
  )
}

/** The user's invoices, each with a link to its page at Stripe. */
export const Invoices = ({ invoices, visit: { texts, format } }: Props) => (
  <Card title={texts.invoices} id="invoices">
    <Table
      rows={invoices}
      empty={texts.noInvoices}
      isCompact
      columns={[
        { name: texts.invoice, cell: (invoice) => <InvoiceName invoice={invoice} opensNewTab /> },
        { name: texts.date, class: 'muted', cell: ({ createdAt }) => format.date(createdAt) },
        {
          name: texts.state,
          cell: (invoice) => (
            <Badge tone={toneOfInvoice(invoice)}>{wordFor(invoice.status, texts)}</Badge>
          ),
        },
        {
          name: texts.amount,
          kind: 'number',
          cell: (invoice) => <Amount invoice={invoice} visit={{ texts, format }} />,
        },
      ]}
    />
  </Card>
)
