import { Hono } from 'hono'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { ApiEnvironment } from '../environment.ts'
import { documentOf } from '../web/document.tsx'
import { createFormat } from '../web/format.ts'
import { chooseLocale } from '../web/locale.ts'
import { pagePolicy } from '../web/policy.ts'
import type { PageSetting } from '../web/setting.ts'
import { offersOf } from './offers.ts'
import { PricingView } from './pricing-view.tsx'
import { shownPlans } from './shown-plans.ts'
import { textsOf } from './texts.ts'

/** How long a process shows the plans that it has read. A publication is visible after that. */
const READ_EVERY_MS = 5_000
/** Seconds for which browsers and proxies may show their copy. */
const FRESH_SECONDS = 60

/** The plans on sale, for everybody. */
export const pricingPage = ({ repositories, assets, pages: { pricing } }: PageSetting) => {
  const { plans } = repositories
  const read = readOnce(async () => ({
    onSale: await plans.listActive(),
    addons: await plans.listAddons(),
  }))
  const chooseUrl = (plan: PlanVersion) => addressFor(pricing.chooseUrl, plan)
  return new Hono<ApiEnvironment>()
    .use('/pricing', pagePolicy(pricing.frameOrigins, `public, max-age=${FRESH_SECONDS}`))
    .get('/pricing', async (c) => {
      const { locale: requested, period, currency } = c.req.query()
      const accepted = c.req.header('accept-language')
      const locale = chooseLocale({ requested, customer: undefined, accepted })
      const texts = textsOf(locale)
      const format = createFormat(locale)
      const { onSale, addons } = await read()
      const shown = shownPlans(onSale, { period, currency }, addons)
      c.header('vary', 'Accept-Language')
      return c.html(
        documentOf({
          title: texts.title,
          lang: locale,
          assets,
          isPublic: true,
          children: (
            <>
              <PricingView shown={shown} texts={texts} format={format} chooseUrl={chooseUrl} />
              <script
                type="application/ld+json"
                dangerouslySetInnerHTML={{ __html: offersOf(shown.plans, chooseUrl) }}
              />
            </>
          ),
        }),
      )
    })
}

/** The address where a visitor buys a plan. */
function addressFor(base: string | undefined, { slug, price }: PlanVersion): string | undefined {
  if (base === undefined) return undefined
  const url = new URL(base)
  url.searchParams.set('plan', slug)
  url.searchParams.set('currency', price.currency)
  return url.href
}

/** Reads again after `READ_EVERY_MS`. Calls in the meantime share one answer; a failed one is not kept. */
function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined
  return () => {
    if (kept !== undefined && performance.now() < kept.until) return kept.value
    const value = read()
    kept = { value, until: performance.now() + READ_EVERY_MS }
    value.catch(() => (kept = undefined))
    return value
  }
}
