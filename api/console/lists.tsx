import { grantRemaining } from '../../domain/usage/extras.ts'
import { titleOf } from '../web/format.ts'
import { toneOfInvoice } from '../web/invoice.tsx'
import { Badge, Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'
import type { SubscriptionDetails } from './details.ts'

type Props = { readonly details: SubscriptionDetails }

/** The invoices of a subscription, newest first. */
export const Invoices = ({ details: { invoices } }: Props) => (
  <Card title="Invoices" id="invoices">
    <Table
      rows={invoices}
      empty="No invoices yet."
      isCompact
      columns={[
        {
          name: 'Number',
          cell: ({ id, number }) => (
            <a href={`/console/invoices/${encodeURIComponent(id)}`}>{number ?? id}</a>
          ),
        },
        {
          name: 'Status',
          cell: (invoice) => <Badge tone={toneOfInvoice(invoice)}>{titleOf(invoice.status)}</Badge>,
        },
        { name: 'Date', class: 'muted', cell: ({ createdAt }) => FORMAT.date(createdAt) },
        {
          name: 'Due',
          kind: 'number',
          cell: ({ amountDueMinor, currency }) => FORMAT.money(amountDueMinor, currency),
        },
        {
          name: 'Paid',
          kind: 'number',
          cell: ({ amountPaidMinor, currency }) => FORMAT.money(amountPaidMinor, currency),
        },
        {
          name: 'Refunded',
          kind: 'number',
          cell: ({ refundedMinor, currency }) =>
            refundedMinor === 0 ? '–' : FORMAT.money(refundedMinor, currency),
        },
      ]}
    />
  </Card>
)

/** Open differences between this subscription and Stripe. */
export const Findings = ({ details: { findings } }: Props) =>
  findings.length === 0 ? (
    <></>
  ) : (
    <Card
      title="Differences from Stripe"
      id="findings"
      aside={<a href="/console/drift">All differences</a>}
    >
      <ul class="usage">
        {findings.map(({ kind, detail, seenAt }) => (
          <li>
            <div>
              <span class="user">{titleOf(kind)}</span>
              <span class="muted">{FORMAT.dateTime(seenAt)}</span>
            </div>
            <p>{detail}</p>
          </li>
        ))}
      </ul>
    </Card>
  )

/** Usage that operators granted on top of the plan. */
export const Grants = ({ details: { grants, now, nameOf } }: Props) =>
  grants.length === 0 ? (
    <></>
  ) : (
    <Card title="Grants" id="grants">
      <ul class="usage">
        {grants.map((grant) => (
          <li>
            <div>
              <span>
                {FORMAT.number(grant.amount)} × {nameOf(grant.feature)}
              </span>
              <span class="muted">{FORMAT.number(grantRemaining(grant, now))} left</span>
            </div>
            <p>
              {grant.reason} · {FORMAT.date(grant.createdAt)}
              {grant.expiresAt !== null && `, expires ${FORMAT.date(grant.expiresAt)}`}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
