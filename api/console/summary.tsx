import { perPeriodInEnglish } from '../../domain/catalogue/period-words.ts'
import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import { hasAccess } from '../../domain/subscription/access.ts'
import type { CollectionPause, ForeignItem } from '../../domain/subscription/subscription.ts'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import { Card } from '../web/parts.tsx'
import { Facts, type Fact } from './facts.tsx'
import { FORMAT } from './layout.tsx'
import type { SubscriptionDetails } from './details.ts'

/** The fields of a subscription. Fields without a value are left out. */
export const Summary = ({ details }: { readonly details: SubscriptionDetails }) => {
  const { subscription, plan, addons, pendingAddons, pendingPlan, customer, now } = details
  const { discount, pendingChange, accessUntil, collectionPause, foreignItems } = subscription
  const price = FORMAT.money(plan.price.amountMinor, plan.price.currency)
  const fields: readonly Fact[] = [
    [
      'Price',
      `${price} ${perPeriodInEnglish(plan.period)}${subscription.quantity > 1 ? ` × ${subscription.quantity}` : ''}`,
    ],
    ['Discount', discount && discountOf(discount)],
    ['Add-ons', addons.map(addonOf).join(', ')],
    ['Items added at Stripe', foreignItems.map(itemOf).join(', ')],
    ['Period start', at(subscription.period?.start ?? null)],
    ['Period end', at(subscription.period?.end ?? null)],
    ['Trial end', subscription.status === 'trialing' ? at(subscription.trialEnd) : null],
    ['Cancels on', subscription.endedAt === null ? at(subscription.cancelAt) : null],
    [
      'Pending plan change',
      pendingChange &&
        `${pendingPlan?.name ?? 'a plan'}${pendingChange.quantity === subscription.quantity ? '' : ` × ${pendingChange.quantity}`}${pendingAddons.length === 0 ? '' : ` with ${pendingAddons.map(addonOf).join(', ')}`}, ${pendingChange.kind === 'scheduled' ? 'scheduled for' : 'waiting for payment until'} ${FORMAT.dateTime(pendingChange.at)}`,
    ],
    [
      'Bank payment',
      subscription.paymentProcessing && 'Being confirmed by the bank, which can take days',
    ],
    ['Collection', collectionPause && pauseOf(collectionPause)],
    ['Resumes', at(subscription.resumesAt)],
    ['Past due since', at(subscription.pastDueSince)],
    ['Ended', at(subscription.endedAt)],
    [
      'Access',
      `${hasAccess(accessUntil, now) ? 'Yes' : 'No'}${accessUntil !== null && accessUntil < FOREVER ? `, until ${FORMAT.dateTime(accessUntil)}` : ''}`,
    ],
    ['E-mail', customer?.email],
    ['Name', customer?.name],
    ['Stripe customer', customer?.stripeCustomerId && <code>{customer.stripeCustomerId}</code>],
    [
      'Stripe subscription',
      subscription.stripeSubscriptionId && <code>{subscription.stripeSubscriptionId}</code>,
    ],
    ['Created', FORMAT.dateTime(subscription.createdAt)],
    ['Updated', FORMAT.dateTime(subscription.updatedAt)],
  ]
  return (
    <Card title="Summary" id="summary" aside={<p>Times in UTC</p>}>
      <Facts facts={fields} />
    </Card>
  )
}

const pauseOf = ({ behavior, resumesAt, paidUntil }: CollectionPause): string =>
  `Paused at Stripe (${behavior})${resumesAt === null ? '' : ` until ${FORMAT.dateTime(resumesAt)}`}; paid until ${FORMAT.dateTime(paidUntil)}`

const addonOf = ({ plan: { name, price }, quantity }: Units): string =>
  `${quantity} × ${name}, ${FORMAT.money(price.amountMinor, price.currency)} each`

const itemOf = ({
  productName,
  stripePriceId,
  quantity,
  unitAmountMinor,
  currency,
}: ForeignItem): string => {
  const price = unitAmountMinor === null ? '' : `, ${FORMAT.money(unitAmountMinor, currency)} each`
  return `${quantity} × ${productName ?? stripePriceId}${price}`
}

const at = (instant: Date | null) => instant && FORMAT.dateTime(instant)

function discountOf(
  discount: NonNullable<SubscriptionDetails['subscription']['discount']>,
): string {
  const { percentOff, amountOffMinor, currency, couponId, endsAt } = discount
  const amount =
    percentOff === null
      ? FORMAT.money(amountOffMinor ?? 0, currency ?? 'usd')
      : FORMAT.percent(percentOff / 100)
  return `${amount} off (${couponId})${endsAt === null ? '' : ` until ${FORMAT.date(endsAt)}`}`
}
