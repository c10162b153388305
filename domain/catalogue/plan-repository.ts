import type { PlanVersion } from './plan.ts'

/** Published plan versions, as customers can get them or have them. */
export type PlanRepository = {
  /** The add-ons on sale, in the same order as `listActive`. */
  readonly listAddons: () => Promise<PlanVersion[]>
  /** The version of an add-on on sale in `currency`, or else in its first currency. */
  readonly findAddon: (slugOrId: string, currency?: string) => Promise<PlanVersion | undefined>
  /** The versions of base plans on sale by rank: one per plan and currency, the plan's first currency first. */
  readonly listActive: () => Promise<PlanVersion[]>
  /** The version of a base plan on sale in `currency`, or else in the plan's first currency. */
  readonly findActive: (slugOrId: string, currency?: string) => Promise<PlanVersion | undefined>
  /** The free versions on sale of plans that begin by themselves; at most a second old. */
  readonly listAutoAttached: () => Promise<readonly PlanVersion[]>
  /** The versions made for this user alone that they get at `at`, by rank. */
  readonly listOffers: (userId: string, at: Date) => Promise<PlanVersion[]>
  /** The version of a base plan that a user gets at `at`: their custom version, or else the one on sale. */
  readonly findOffered: (
    slugOrId: string,
    to: {
      readonly userId: string
      readonly at: Date
      readonly currency?: string | undefined
    },
  ) => Promise<PlanVersion | undefined>
  /** @throws Error when no version with this id was published. */
  readonly getVersion: (planVersionId: string) => Promise<PlanVersion>
  readonly findByStripePrice: (stripePriceId: string) => Promise<PlanVersion | undefined>
  /** Stores the version's ids at Stripe. Idempotent. */
  readonly recordStripeIds: (
    planVersionId: string,
    ids: { readonly productId: string; readonly priceId: string },
  ) => Promise<void>
  /**
   * Stores another price at Stripe for the version. The old price still leads to the version. Idempotent: nothing happens
   * if the version has another price than `from` by now.
   */
  readonly replaceStripePrice: (
    planVersionId: string,
    price: { readonly from: string; readonly to: string; readonly at: Date },
  ) => Promise<void>
}
