import type { Invoice } from '../../domain/invoice/invoice.ts'
import { titleOf } from '../web/format.ts'
import { InvoiceName, toneOfInvoice } from '../web/invoice.tsx'
import { Badge, Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import type { Visit } from './setting.ts'
import type { Texts } from './texts.ts'

type Props = { readonly bills: readonly Invoice[]; readonly visit: Visit }

const wordFor = (status: string, { bill }: Texts): string =>
  Object.entries(bill).find(([name]) => name === status)?.[1] ?? titleOf(status)

/** The user's bills, each with Stripe's page of it. */
export const Invoices = ({ bills, visit: { texts, format } }: Props) => (
  <Card title={texts.invoices} id="invoices">
    <Table
      rows={bills}
      empty={texts.noInvoices}
      isCompact
      columns={[
        { name: texts.invoice, cell: (bill) => <InvoiceName bill={bill} opensBeside /> },
        { name: texts.date, class: 'muted', cell: ({ createdAt }) => format.date(createdAt) },
        {
          name: texts.state,
          cell: (bill) => <Badge tone={toneOfInvoice(bill)}>{wordFor(bill.status, texts)}</Badge>,
        },
        {
          name: texts.amount,
          kind: 'number',
          cell: ({ amountDueMinor, currency }) => format.money(amountDueMinor, currency),
        },
      ]}
    />
  </Card>
)
