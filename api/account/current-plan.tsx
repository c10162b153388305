import type { Invoice } from '../../domain/invoice/invoice.ts'
import { allows } from '../../domain/subscription/commands.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import { sameAddons } from '../../domain/subscription/addons.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { Alert, Badge, CallFields, TONES } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

type Props = {
  readonly subscription: Subscription
  readonly plan: PlanVersion
  readonly addons: readonly Units[]
  /** Whether there are add-ons to have or to change. */
  readonly hasAddonChoice: boolean
  readonly pendingPlan: PlanVersion | null
  readonly pendingAddons: readonly Units[]
  readonly invoices: readonly Invoice[]
  readonly visit: Visit
}

/** The plan, its price, and the next event. */
export const CurrentPlan = (props: Props) => {
  const { subscription, plan, hasAddonChoice, visit } = props
  const path = `/account/subscriptions/${subscription.id}`
  const { texts } = visit
  const id = `plan-${subscription.id}`
  return (
    <section class="card fields" aria-labelledby={id}>
      <div class="head">
        <div>
          <p class="small">{texts.yourPlan}</p>
          <div class="title">
            <h2 class="plan-name" id={id}>
              {plan.name}
            </h2>
            <Badge tone={TONES[subscription.status]}>{texts.status[subscription.status]}</Badge>
          </div>
        </div>
        <p class="plan-price">
          <Price {...props} />
        </p>
      </div>
      <div>
        <Addons {...props} />
        <ForeignItems {...props} />
      </div>
      <p>{nextEvent(props)}</p>
      <Tasks {...props} />
      {allows('changePlan', subscription.status) && (
        <div class="buttons">
          <a class="button primary" href={`${path}/plan`}>
            {texts.changePlan}
          </a>
          {hasAddonChoice && (
            <a class="button" href={`${path}/addons`}>
              {texts.addons}
            </a>
          )}
        </div>
      )}
    </section>
  )
}

/** Add-ons, each with its price for the whole quantity. */
const Addons = ({ addons, visit: { format } }: Props) => (
  <>
    {addons.map(({ plan: { name, price }, quantity }) => (
      <p class="small">
        {`+ ${name}${quantity > 1 ? ` × ${format.number(quantity)}` : ''} · ${format.money(price.amountMinor * quantity, price.currency)}`}
      </p>
    ))}
  </>
)

/** Items that were added at Stripe and are charged with the plan. */
const ForeignItems = ({ subscription: { foreignItems }, visit: { format } }: Props) => (
  <>
    {foreignItems.map(({ productName, stripePriceId, quantity, unitAmountMinor, currency }) => (
      <p class="small">
        {`+ ${productName ?? stripePriceId}${quantity > 1 ? ` × ${format.number(quantity)}` : ''}`}
        {unitAmountMinor !== null && ` · ${format.money(unitAmountMinor * quantity, currency)}`}
      </p>
    ))}
  </>
)

const Price = ({ plan, subscription, visit: { texts, format } }: Props) =>
  isFree(plan) ? (
    <span class="price">{texts.free}</span>
  ) : (
    <>
      <span class="price">{format.money(plan.price.amountMinor, plan.price.currency)}</span>{' '}
      {texts.per(plan.period)}
      {subscription.quantity > 1 && ` × ${format.number(subscription.quantity)}`}
    </>
  )

function nextEvent({ subscription, visit: { texts, format } }: Props): string {
  const { status, cancelAt, trialEnd, resumesAt, period, paymentProcessing } = subscription
  if (paymentProcessing === 'first') return texts.processing
  if (status === 'past_due' || status === 'unpaid') return texts.pastDue
  if (status === 'paused')
    return resumesAt === null ? texts.paused : texts.pausedUntil(format.date(resumesAt))
  if (cancelAt !== null) return texts.ends(format.date(cancelAt))
  if (status === 'trialing') return texts.trialUntil(format.date(trialEnd))
  return period === null ? '' : texts.renews(format.date(period.end))
}

/** The user's tasks: pay, or decide on a pending change. */
const Tasks = (props: Props) => {
  const { subscription, plan, pendingPlan, invoices, visit } = props
  const { texts, format, visitor } = visit
  const { pendingChange, checkout, status, paymentProcessing, collectionPause } = subscription
  const open = invoices.find(
    (invoice) =>
      invoice.status === 'open' &&
      invoice.subscriptionId === subscription.id &&
      invoice.hostedUrl !== null,
  )
  const isOwed = status === 'past_due' || status === 'unpaid'
  return (
    <>
      {isOwed && open?.hostedUrl && <PayLink url={open.hostedUrl} text={texts.pay} />}
      {paymentProcessing === 'later' && (
        <Alert tone="info">
          <p>{texts.renewalProcessing}</p>
        </Alert>
      )}
      {collectionPause !== null && (
        <Alert tone="info">
          <p>{texts.collectionPaused(format.date(collectionPause.paidUntil))}</p>
        </Alert>
      )}
      {checkout !== null && paymentProcessing === null && status === 'incomplete' && (
        <PayLink url={checkout.url} text={texts.toPayment} />
      )}
      {pendingChange !== null && pendingPlan !== null && (
        <Alert tone="info">
          <p>
            {pendingChange.kind === 'scheduled'
              ? texts.changesTo(
                  pendingItems(props, pendingPlan.name),
                  format.date(pendingChange.at),
                )
              : texts.awaitsPayment(pendingItems(props, pendingPlan.name))}
          </p>
          <div class="buttons">
            {pendingChange.paymentUrl !== null && (
              <PayLink url={pendingChange.paymentUrl} text={texts.pay} />
            )}
            {allows('withdrawPlanChange', status) && (
              <form
                method="post"
                action={`/account/subscriptions/${subscription.id}/withdraw-plan-change`}
              >
                <CallFields token={visitor.csrf} />
                <button class="small-button">
                  {plan.id === pendingPlan.id ? texts.undoChange : texts.withdrawChange}
                </button>
              </form>
            )}
          </div>
        </Alert>
      )}
    </>
  )
}

/** The plan after a pending change, with its add-ons if they change. */
function pendingItems({ subscription, pendingAddons, visit }: Props, name: string): string {
  const { texts, format } = visit
  const plan = withQuantity(name, subscription)
  const { addons, pendingChange } = subscription
  if (pendingChange === null || sameAddons(addons, pendingChange.addons)) return plan
  if (pendingAddons.length === 0) return texts.withoutAddons(plan)
  const words = pendingAddons.map((each) => `${format.number(each.quantity)} × ${each.plan.name}`)
  return texts.withAddons(plan, words.join(', '))
}

/** The name of the pending plan, with the number of units where that is or was another than one. */
function withQuantity(name: string, { quantity, pendingChange }: Subscription): string {
  const next = pendingChange?.quantity ?? quantity
  return Math.max(quantity, next) > 1 ? `${name} × ${next}` : name
}

/** Stripe's pages cannot be shown in a frame. */
const PayLink = ({ url, text }: { readonly url: string; readonly text: string }) => (
  <div>
    <a class="button primary" href={url} target="_top" rel="noreferrer">
      {text}
    </a>
  </div>
)
