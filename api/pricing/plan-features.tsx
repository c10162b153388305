import type { PlanFeature, PlanVersion } from '../../domain/catalogue/plan.ts'
import type { UsagePrice, UsageTier } from '../../domain/catalogue/usage-price.ts'
import type { Format } from '../web/format.ts'
import { unitAmountText } from '../web/unit-amount.ts'
import type { PricingTexts } from './texts.ts'

type Words = { readonly texts: PricingTexts; readonly format: Format }
type Props = Words & { readonly plan: PlanVersion }

/** Each feature of a plan with its limit in words, and the price of what is used beyond it. */
export const PlanFeatures = ({ plan, ...words }: Props) => (
  <dl class="price-features">
    {plan.features.map((feature) => (
      <div>
        <dt>{feature.name}</dt>
        <dd>
          {limitInWords(feature, words)}
          {feature.usagePrice !== null && (
            <Usage price={feature.usagePrice} currency={plan.price.currency} {...words} />
          )}
        </dd>
      </div>
    ))}
  </dl>
)

function limitInWords(feature: PlanFeature, { texts, format }: Words): string {
  const { type, quotaLimit, perQuantity, reset, overage, usagePrice } = feature
  if (type === 'boolean') return texts.included
  if (quotaLimit === null) return texts.unlimited
  const renewed = `${format.number(quotaLimit)} ${texts.resets[reset]}`.trim()
  const isSoft = overage === 'allow' || (overage === 'bill' && usagePrice === null)
  return [renewed, perQuantity ? texts.perUnit : '', isSoft ? texts.softLimit : '']
    .filter((each) => each !== '')
    .join(', ')
}

type UsageProps = Words & { readonly price: UsagePrice; readonly currency: string }

const Usage = ({ price, currency, texts, format }: UsageProps) => {
  const amount = (decimal: string) => unitAmountText(decimal, currency, format.locale)
  switch (price.model) {
    case 'per_unit':
      return <p class="small">{`${texts.beyond} ${texts.each(amount(price.unitAmount))}`}</p>
    case 'package': {
      const size = format.number(price.packageSize)
      const words = texts.perPackage(amount(price.unitAmount), size, price.round === 'up')
      return <p class="small">{`${texts.beyond} ${words}`}</p>
    }
    case 'graduated':
    case 'volume':
      return (
        <>
          <p class="small">{`${texts.beyond}, ${texts.beyondLimit}:`}</p>
          <ul class="small">
            {price.tiers.map((tier, index) => (
              <li>{tierInWords(tier, price.tiers[index - 1], { currency, texts, format })}</li>
            ))}
          </ul>
          {price.model === 'volume' && <p class="small">{texts.allAtLast}</p>}
        </>
      )
  }
}

function tierInWords(
  { upTo, unitAmount, flatAmountMinor }: UsageTier,
  before: UsageTier | undefined,
  { currency, texts, format }: Words & { readonly currency: string },
): string {
  const from = before?.upTo ?? null
  const range =
    upTo !== null
      ? texts.upTo(format.number(upTo))
      : from !== null
        ? texts.after(format.number(from))
        : texts.any
  const each = texts.each(unitAmountText(unitAmount, currency, format.locale))
  const flat =
    flatAmountMinor === 0 ? '' : `, ${texts.plus(format.money(flatAmountMinor, currency))}`
  return `${range}: ${each}${flat}`
}
