import type { Child } from 'hono/jsx'
import { hasAccess } from '../../domain/subscription/access.ts'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import { Card } from '../web/parts.tsx'
import { FORMAT } from './layout.tsx'
import type { Reading } from './reading.ts'

/** What a subscription is, in short. What there is not is left out. */
export const Facts = ({ reading }: { readonly reading: Reading }) => {
  const { subscription, plan, pendingPlan, customer, now } = reading
  const { discount, pendingChange, accessUntil } = subscription
  const price = FORMAT.money(plan.price.amountMinor, plan.price.currency)
  const facts: readonly (readonly [string, Child])[] = [
    [
      'Price',
      `${price} ${plan.period}${subscription.quantity > 1 ? ` × ${subscription.quantity}` : ''}`,
    ],
    ['Discount', discount && discountOf(discount)],
    ['Period began', at(subscription.period?.start ?? null)],
    ['Period ends', at(subscription.period?.end ?? null)],
    ['Trial ends', subscription.status === 'trialing' ? at(subscription.trialEnd) : null],
    ['Will be canceled', subscription.endedAt === null ? at(subscription.cancelAt) : null],
    [
      'Pending',
      pendingChange &&
        `${pendingPlan?.name ?? 'a plan'}, ${pendingChange.kind === 'scheduled' ? 'scheduled for' : 'awaits payment until'} ${FORMAT.dateTime(pendingChange.at)}`,
    ],
    ['Resumes', at(subscription.resumesAt)],
    ['Past due since', at(subscription.pastDueSince)],
    ['Ended', at(subscription.endedAt)],
    [
      'Access',
      `${hasAccess(accessUntil, now) ? 'Yes' : 'No'}${accessUntil !== null && accessUntil < FOREVER ? `, until ${FORMAT.dateTime(accessUntil)}` : ''}`,
    ],
    ['Customer at Stripe', customer?.stripeCustomerId && <code>{customer.stripeCustomerId}</code>],
    [
      'Subscription at Stripe',
      subscription.stripeSubscriptionId && <code>{subscription.stripeSubscriptionId}</code>,
    ],
    ['Began', FORMAT.dateTime(subscription.createdAt)],
    ['Changed', FORMAT.dateTime(subscription.updatedAt)],
  ]
  return (
    <Card title="State" id="state" aside={<p>Times are UTC</p>}>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  )
}

const at = (instant: Date | null) => instant && FORMAT.dateTime(instant)

function discountOf(discount: NonNullable<Reading['subscription']['discount']>): string {
  const { percentOff, amountOffMinor, currency, couponId, endsAt } = discount
  const much =
    percentOff === null
      ? FORMAT.money(amountOffMinor ?? 0, currency ?? 'usd')
      : FORMAT.percent(percentOff / 100)
  return `${much} off (${couponId})${endsAt === null ? '' : ` until ${FORMAT.date(endsAt)}`}`
}
