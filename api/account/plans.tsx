import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import { Badge, CallFields } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

/** A plan as this user gets it; `listed` is the version on sale, if theirs is an offer. */
export type OfferedPlan = PlanVersion & { readonly listed?: PlanVersion }

/** Puts a user's offers in place of the versions on sale in the same currency. */
export const withOffers = (
  plans: readonly PlanVersion[],
  offers: readonly PlanVersion[],
): OfferedPlan[] =>
  plans.map((listed) => {
    const offer = offers.find(
      ({ planId, price }) => planId === listed.planId && price.currency === listed.price.currency,
    )
    return offer === undefined ? listed : { ...offer, listed }
  })

type Props = {
  readonly plans: readonly OfferedPlan[]
  readonly visit: Visit
  readonly nameOf: (code: string) => string
  /** The ids of the versions whose trial this user would get; a plan change begins none. */
  readonly trials?: ReadonlySet<string>
  /** The subscription to change and its plan; undefined to buy a first plan. */
  readonly own?: { readonly subscriptionId: string; readonly plan: PlanVersion }
}

/** The plans that a user can choose from. */
export const Plans = ({ plans, visit, nameOf, own, trials }: Props) => (
  <ul class="plans">
    {plans.map((plan) => (
      <li class={plan.slug === own?.plan.slug ? 'own' : ''}>
        <div>
          <h3>{plan.name}</h3>
          <Price plan={plan} visit={visit} hasTrial={trials?.has(plan.id) ?? false} />
        </div>
        <Choice plan={plan} visit={visit} own={own} />
        <p class="features">{featuresOf(plan, visit, nameOf)}</p>
      </li>
    ))}
  </ul>
)

type PriceProps = {
  readonly plan: OfferedPlan
  readonly visit: Visit
  readonly hasTrial: boolean
}

const Price = ({ plan, visit: { texts, format }, hasTrial }: PriceProps) =>
  isFree(plan) ? (
    <p class="muted">
      {texts.free}
      <ListPrice plan={plan} texts={texts} format={format} />
    </p>
  ) : (
    <p class="muted">
      <span class="price">{format.money(plan.price.amountMinor, plan.price.currency)}</span>{' '}
      {texts.per(plan.period)}
      {hasTrial && ` · ${texts.trialDays(format.number(plan.trialDays))}`}
      <ListPrice plan={plan} texts={texts} format={format} />
    </p>
  )

type ListPriceProps = Pick<Visit, 'texts' | 'format'> & { readonly plan: OfferedPlan }

/** The price of everybody else, beside an offer. */
const ListPrice = ({ plan: { listed, offerEndsAt }, texts, format }: ListPriceProps) => {
  if (listed === undefined) return <></>
  const { amountMinor, currency } = listed.price
  return (
    <>
      {' · '}
      <s>
        {format.money(amountMinor, currency)} {texts.per(listed.period)}
      </s>{' '}
      {offerEndsAt === null ? texts.yourPrice : texts.yourPriceUntil(format.date(offerEndsAt))}
    </>
  )
}

type ChoiceProps = { plan: PlanVersion; visit: Visit; own: Props['own'] }

const Choice = ({ plan, visit: { texts, visitor }, own }: ChoiceProps) => {
  if (plan.slug === own?.plan.slug) return <Badge tone="ok">{texts.currentPlan}</Badge>
  if (own !== undefined)
    return (
      <a
        class="button small-button"
        href={`/account/subscriptions/${own.subscriptionId}/plan/${encodeURIComponent(plan.slug)}`}
        aria-label={`${texts.choose}: ${plan.name}`}
      >
        {texts.choose}
      </a>
    )
  return (
    <form method="post" action="/account/checkout" {...(visitor.embedded && { target: '_blank' })}>
      <CallFields token={visitor.csrf} />
      <input type="hidden" name="plan_id" value={plan.slug} />
      <button class="small-button" aria-label={`${texts.choose}: ${plan.name}`}>
        {texts.choose}
      </button>
    </form>
  )
}

/** The features of a plan or an add-on with their limits, in one line. */
export const featuresOf = (
  plan: PlanVersion,
  { texts, format }: Visit,
  nameOf: (code: string) => string,
): string =>
  plan.features
    .map(({ code, type, quotaLimit, perQuantity }) => {
      if (type === 'boolean') return nameOf(code)
      const limit = quotaLimit === null ? texts.unlimited : format.number(quotaLimit)
      return `${nameOf(code)}: ${perQuantity ? texts.perUnit(limit) : limit}`
    })
    .join(' · ')
