import type { PlanVersion } from './plan.ts'

export type PlanRepository = {
  /** The versions that are on sale now, one per plan, by rank. */
  /** A plan that is sold in several currencies is there once for each, its first one first. */
  readonly listActive: () => Promise<PlanVersion[]>
  /**
   * The version on sale of a plan named by slug or id, in this currency if it is sold in it, or else in its first one;
   * undefined when there is none.
   */
  readonly findActive: (slugOrId: string, currency?: string) => Promise<PlanVersion | undefined>
  /** What this user gets of a plan at `at`: the version made for them alone, or else the one on sale. */
  readonly findOffered: (
    slugOrId: string,
    to: {
      readonly userId: string
      readonly at: Date
      readonly currency?: string | undefined
    },
  ) => Promise<PlanVersion | undefined>
  /** @throws when no such version was published: our data would be broken. */
  readonly getVersion: (planVersionId: string) => Promise<PlanVersion>
  readonly findByStripePrice: (stripePriceId: string) => Promise<PlanVersion | undefined>
  /** Remembers what a version is called at Stripe. Running it twice changes nothing. */
  readonly recordStripeIds: (
    planVersionId: string,
    ids: { readonly productId: string; readonly priceId: string },
  ) => Promise<void>
}
