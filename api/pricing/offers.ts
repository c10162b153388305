import { spanOf } from '../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { decimalsOf } from '../../domain/currency.ts'

/** Codes of units of time. @see https://schema.org/unitCode */
const UNIT_CODES = { day: 'DAY', week: 'WEE', month: 'MON', year: 'ANN' } as const

/**
 * The plans as a text of JSON-LD for search engines, safe inside of HTML.
 *
 * @see https://schema.org/Offer
 */
export function offersOf(
  plans: readonly PlanVersion[],
  urlOf: (plan: PlanVersion) => string | undefined,
): string {
  const list = {
    '@context': 'https://schema.org',
    '@type': 'ItemList',
    itemListElement: plans.map((plan, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      item: {
        '@type': 'Product',
        name: plan.name,
        sku: plan.slug,
        offers: offerOf(plan, urlOf(plan)),
      },
    })),
  }
  // A name may contain the end of the element.
  return JSON.stringify(list).replaceAll('<', '\\u003c')
}

function offerOf({ price, period }: PlanVersion, url: string | undefined) {
  const decimals = decimalsOf(price.currency)
  const amount = {
    price: (price.amountMinor / 10 ** decimals).toFixed(decimals),
    priceCurrency: price.currency.toUpperCase(),
  }
  const { every, unit } = spanOf(period)
  return {
    '@type': 'Offer',
    ...amount,
    availability: 'https://schema.org/InStock',
    ...(url !== undefined && { url }),
    priceSpecification: {
      '@type': 'UnitPriceSpecification',
      ...amount,
      referenceQuantity: {
        '@type': 'QuantitativeValue',
        value: every,
        unitCode: UNIT_CODES[unit],
      },
    },
  }
}
