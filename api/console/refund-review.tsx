import type { z } from 'zod'
import type { Invoice } from '../../domain/invoice/invoice.ts'
import type { refundPreviewSchema } from '../admin/invoices/routes.ts'
import { Alert, CallFields, Card } from '../web/parts.tsx'
import { Facts } from './facts.tsx'
import { FORMAT } from './layout.tsx'
import { CONFIRMED } from './operator-actions.ts'

type Props = {
  readonly invoice: Invoice
  readonly userId: string
  readonly preview: z.infer<typeof refundPreviewSchema>
  readonly reason: string
  readonly csrf: string
}

/** The effect of a refund or a credit. Only the form of this page returns the money, and only if nothing came in between. */
export const RefundReview = ({ invoice, userId, preview, reason, csrf }: Props) => {
  const { to, amount_minor, returnable_minor, currency, ends_subscription: ends } = preview
  const amount = FORMAT.money(amount_minor, currency)
  const path = `/console/invoices/${encodeURIComponent(invoice.id)}`
  const isRefund = to === 'card'
  return (
    <>
      <div class="head">
        <div>
          <h1>Review {isRefund ? 'refund' : 'credit'}</h1>
          <p>
            {userId}, invoice {invoice.number ?? invoice.id}
          </p>
        </div>
      </div>
      {ends && (
        <Alert tone="warn">
          <p>
            <strong>This ends the subscription and the access at once</strong>, because the whole
            current period is refunded.
          </p>
        </Alert>
      )}
      <Card
        title={isRefund ? 'Refunded to the card' : 'Credited to the balance'}
        id="amount"
        aside={<p class="total">{amount}</p>}
      >
        <Facts
          facts={[
            ['Paid', FORMAT.money(invoice.amountPaidMinor, currency)],
            ['Left to return afterwards', FORMAT.money(returnable_minor - amount_minor, currency)],
            ['Subscription', ends ? 'Ends now' : 'Continues'],
            ['Access', ends ? 'Ends now' : 'Stays as it is'],
            ['Reason', reason],
          ]}
        />
        <form method="post" action={`${path}/refund`} class="fields review">
          <CallFields token={csrf} />
          <input type="hidden" name="confirmed" value={CONFIRMED} />
          <input type="hidden" name="to" value={to} />
          <input type="hidden" name="amount_minor" value={String(amount_minor)} />
          <input type="hidden" name="returnable_minor" value={String(returnable_minor)} />
          <input type="hidden" name="reason" value={reason} />
          <div class="buttons">
            <button class={ends ? 'danger' : 'primary'}>
              {isRefund ? `Refund ${amount}` : `Credit ${amount}`}
            </button>
            <a class="button quiet" href={path}>
              Back
            </a>
          </div>
        </form>
      </Card>
    </>
  )
}
