import type { Invoice } from '../../domain/invoice.ts'
import { titleOf } from '../web/format.ts'
import { Badge, Card, type Tone } from '../web/parts.tsx'
import type { Visit } from './setting.ts'
import type { Texts } from './texts.ts'

type Props = { readonly bills: readonly Invoice[]; readonly visit: Visit }

const TONE_OF: Readonly<Record<string, Tone>> = { paid: 'ok', open: 'warn' }

const wordFor = (status: string, { bill }: Texts): string =>
  Object.entries(bill).find(([name]) => name === status)?.[1] ?? titleOf(status)

/** The user's bills, each with Stripe's page of it. */
export const Bills = ({ bills, visit: { texts, format } }: Props) => (
  <Card title={texts.invoices} id="invoices">
    {bills.length === 0 ? (
      <p class="empty">{texts.noInvoices}</p>
    ) : (
      <table class="rows compact">
        <thead>
          <tr>
            <th scope="col">{texts.invoice}</th>
            <th scope="col">{texts.date}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col" class="number">
              {texts.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {bills.map((bill) => (
            <tr>
              <th scope="row">
                {bill.hostedUrl === null ? (
                  (bill.number ?? bill.id)
                ) : (
                  <a href={bill.hostedUrl} target="_blank" rel="noreferrer">
                    {bill.number ?? bill.id}
                  </a>
                )}
              </th>
              <td data-label={texts.date} class="muted">
                {format.date(bill.createdAt)}
              </td>
              <td data-label={texts.state}>
                <Badge tone={TONE_OF[bill.status] ?? 'plain'}>{wordFor(bill.status, texts)}</Badge>
              </td>
              <td data-label={texts.amount} class="number">
                {format.money(bill.amountDueMinor, bill.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </Card>
)
