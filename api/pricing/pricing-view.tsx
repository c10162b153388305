import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Format } from '../web/format.ts'
import { PlanFeatures } from './plan-features.tsx'
import { nameInAddress, type ShownPlans } from './shown-plans.ts'
import type { PricingTexts } from './texts.ts'

type Props = {
  readonly shown: ShownPlans
  readonly texts: PricingTexts
  readonly format: Format
  /** The address where a visitor buys a plan; undefined for none. */
  readonly chooseUrl: (plan: PlanVersion) => string | undefined
}

/** The plans of a period side by side, with links to the other periods, currencies and languages. */
export const PricingView = ({ shown, texts, format, chooseUrl }: Props) => (
  <main class="pricing">
    <div class="head">
      <h1>{texts.title}</h1>
      <Languages shown={shown} texts={texts} format={format} />
    </div>
    <div class="head">
      <Periods shown={shown} texts={texts} format={format} />
      <Currencies shown={shown} texts={texts} format={format} />
    </div>
    {shown.plans.length === 0 ? (
      <p class="muted">{texts.nothing}</p>
    ) : (
      <ul class="price-list">
        {shown.plans.map((plan) => (
          <li class="card">
            <PlanCard plan={plan} texts={texts} format={format} url={chooseUrl(plan)} />
          </li>
        ))}
      </ul>
    )}
    {shown.addons.length > 0 && (
      <section class="addons" aria-labelledby="addons">
        <h2 id="addons">{texts.addons}</h2>
        <ul class="price-list">
          {shown.addons.map((addon) => (
            <li class="card">
              <PlanCard plan={addon} texts={texts} format={format} url={undefined} />
            </li>
          ))}
        </ul>
      </section>
    )}
  </main>
)

type CardProps = Pick<Props, 'texts' | 'format'> & {
  readonly plan: PlanVersion
  readonly url: string | undefined
}

const PlanCard = ({ plan, texts, format, url }: CardProps) => {
  const { amountMinor, currency } = plan.price
  return (
    <>
      {plan.kind === 'addon' ? <h3>{plan.name}</h3> : <h2>{plan.name}</h2>}
      <p class="plan-price">
        {isFree(plan) ? (
          <span class="price">{texts.free}</span>
        ) : (
          <>
            <span class="price">{format.money(amountMinor, currency)}</span>{' '}
            <span class="muted">{texts.per(plan.period)}</span>
          </>
        )}
      </p>
      <p class="muted small">{plan.trialDays > 0 && texts.trial(format.number(plan.trialDays))}</p>
      {url !== undefined && (
        <a
          class="button primary"
          href={url}
          target="_top"
          aria-label={`${texts.choose}: ${plan.name}`}
        >
          {texts.choose}
        </a>
      )}
      <PlanFeatures plan={plan} texts={texts} format={format} />
    </>
  )
}

type Choices = Pick<Props, 'shown' | 'texts' | 'format'>

/** The address of the page with one choice changed. */
function addressWith({ shown, format }: Choices, change: Readonly<Record<string, string>>): string {
  const { period, currency } = shown
  const present = {
    locale: format.locale,
    ...(period !== undefined && { period: nameInAddress(period) }),
    ...(currency !== undefined && { currency }),
  }
  return `/pricing?${new URLSearchParams({ ...present, ...change }).toString()}`
}

const Periods = (choices: Choices) => {
  const { shown, texts } = choices
  if (shown.periods.length < 2) return <></>
  return (
    <nav class="switch" aria-label={texts.periods}>
      {shown.periods.map((each) => (
        <a
          href={addressWith(choices, { period: nameInAddress(each) })}
          {...(each === shown.period && { 'aria-current': 'true' })}
        >
          {texts.billed(each)}
        </a>
      ))}
    </nav>
  )
}

const Currencies = (choices: Choices) => {
  const { shown, texts } = choices
  if (shown.currencies.length < 2) return <></>
  return (
    <nav class="switch" aria-label={texts.currencies}>
      {shown.currencies.map((each) => (
        <a
          href={addressWith(choices, { currency: each })}
          {...(each === shown.currency && { 'aria-current': 'true' })}
        >
          {each.toUpperCase()}
        </a>
      ))}
    </nav>
  )
}

const Languages = (choices: Choices) => {
  const other = choices.format.locale.startsWith('pt')
    ? { tag: 'en', name: 'English' }
    : { tag: 'pt', name: 'Português' }
  return (
    <nav aria-label={choices.texts.languages}>
      <a href={addressWith(choices, { locale: other.tag })} lang={other.tag} hreflang={other.tag}>
        {other.name}
      </a>
    </nav>
  )
}
