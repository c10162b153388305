import { grantRemaining } from '../../domain/usage/extras.ts'
import { titleOf, wordsOf } from '../web/format.ts'
import { InvoiceName, toneOfInvoice } from '../web/invoice.tsx'
import { Badge, Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'
import type { Reading } from './reading.ts'

type Props = { readonly reading: Reading }

/** The bills of a subscription, the newest first. */
export const Invoices = ({ reading: { bills } }: Props) => (
  <Card title="Invoices" id="bills">
    <Table
      rows={bills}
      empty="No bill was written."
      isCompact
      columns={[
        { name: 'Number', cell: (bill) => <InvoiceName bill={bill} /> },
        {
          name: 'Status',
          cell: (bill) => <Badge tone={toneOfInvoice(bill)}>{titleOf(bill.status)}</Badge>,
        },
        { name: 'Of', class: 'muted', cell: ({ createdAt }) => FORMAT.date(createdAt) },
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
      ]}
    />
  </Card>
)

/** What differs from Stripe, as far as it is open. */
export const Findings = ({ reading: { findings } }: Props) =>
  findings.length === 0 ? (
    <></>
  ) : (
    <Card title="Differences from Stripe" id="findings" aside={<a href="/console/drift">All</a>}>
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

/** What operators gave on top of the plan. */
export const Grants = ({ reading: { grants, now, nameOf } }: Props) =>
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

/** Everything that became of a subscription, the newest first. */
export const Timeline = ({ reading: { timeline } }: Props) => (
  <Card title="Timeline" id="timeline">
    {timeline.length === 0 ? (
      <p class="empty">Nothing happened yet.</p>
    ) : (
      <ol class="timeline">
        {timeline.map(({ at, actor, kind, cause, before, after }) => (
          <li>
            <p>
              {titleOf(kind)}
              {before !== null && before.status !== after.status && (
                <span class="muted">
                  {' '}
                  · {wordsOf(before.status)} → {wordsOf(after.status)}
                </span>
              )}
            </p>
            <p class="muted small">
              <time datetime={at.toISOString()}>{FORMAT.dateTime(at)}</time> · by {actor} · {cause}
            </p>
          </li>
        ))}
      </ol>
    )}
  </Card>
)
