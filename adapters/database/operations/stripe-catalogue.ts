import type {
  CatalogueAtStripe,
  StripeCatalogueRepository,
} from '../../../domain/stripe/catalogue-at-stripe.ts'
import type { Operations, RowOf } from './port.ts'

/** One week, at one attempt in ten minutes. Generations of two pushes never overlap. */
const ATTEMPTS_PER_PUSH = 1_000

/** The state at Stripe of each plan version that costs something, in the table `stripe_catalogue`. */
export function createStripeCatalogueRepository(operations: Operations): StripeCatalogueRepository {
  const list = async (of?: { readonly slug: string; readonly version: number }) => {
    const rows = await operations.rows('list_catalogue_at_stripe', {
      p_slug: of?.slug ?? null,
      p_version: of?.version ?? null,
    })
    return rows.map(atStripeFromRow)
  }

  return {
    list: () => list(),

    areSold: (planVersionIds) =>
      operations.value('are_sold_at_stripe', { p_versions: planVersionIds }),

    async claimDue(at, limit) {
      const rows = await operations.rows('claim_catalogue_pushes', {
        p_now: at,
        p_limit: limit,
      })
      return rows.map((row) => ({
        planVersionId: row.plan_version_id,
        kind: row.kind,
        name: row.name,
        priceActive: row.price_active,
        productActive: row.product_active,
        generation: row.pushes * ATTEMPTS_PER_PUSH + Math.min(row.attempts, ATTEMPTS_PER_PUSH - 1),
      }))
    },

    done: ({ planVersionId, kind, name, priceActive }, { drift, at }) =>
      operations.run('finish_catalogue_push', {
        p_version: planVersionId,
        p_is_push: kind === 'push',
        p_name: name,
        p_price_active: priceActive,
        p_drift: drift,
        p_now: at,
      }),

    failed: (planVersionId, error) =>
      operations.run('fail_catalogue_push', { p_version: planVersionId, p_error: error }),

    async pushAgain(of, at) {
      const again = { p_slug: of.slug, p_version: of.version, p_now: at }
      await operations.run('repeat_catalogue_push', again)
      return (await list(of))[0]
    },
  }
}

const atStripeFromRow = (row: RowOf<'list_catalogue_at_stripe'>): CatalogueAtStripe => ({
  slug: row.slug,
  version: row.version,
  priceId: row.stripe_price_id,
  pushedAt: row.pushed_at,
  comparedAt: row.compared_at,
  drift: row.drift,
  lastError: row.last_error,
})
