/** The state of a plan version at Stripe. */
export type CatalogueAtStripe = {
  readonly slug: string
  readonly version: number
  readonly priceId: string | null
  readonly pushedAt: Date | null
  readonly comparedAt: Date | null
  /** The difference at Stripe, for operators; null without one. */
  readonly drift: string | null
  readonly lastError: string | null
}

/** A version to write to Stripe (`push`), or only to compare. */
export type CataloguePush = {
  readonly planVersionId: string
  readonly kind: 'push' | 'compare'
  readonly name: string
  /** False archives the price of a retired version, and a product without other versions. */
  readonly priceActive: boolean
  readonly productActive: boolean
  /**
   * Part of the idempotency key, different in each attempt: Stripe repeats a failed answer under the same key for a day.
   * Objects that an earlier attempt created are found by their name.
   *
   * @see https://docs.stripe.com/api/idempotent_requests
   */
  readonly generation: number
}

/** The products and prices that wait to be written to Stripe. */
export type StripeCatalogueRepository = {
  /** Claims versions that changed since the last push or were not compared for a day, each for one worker. */
  readonly claimDue: (at: Date, limit: number) => Promise<CataloguePush[]>
  readonly done: (
    push: CataloguePush,
    outcome: { readonly drift: string | null; readonly at: Date },
  ) => Promise<void>
  readonly failed: (planVersionId: string, error: string) => Promise<void>
  /** Schedules another push, to overwrite changes made at Stripe. Undefined for a free or unknown version. */
  readonly pushAgain: (
    of: { readonly slug: string; readonly version: number },
    at: Date,
  ) => Promise<CatalogueAtStripe | undefined>
  /** False while one of the prices is archived at Stripe, which accepts no subscription for it. */
  readonly areSold: (planVersionIds: readonly string[]) => Promise<boolean>
  readonly list: () => Promise<CatalogueAtStripe[]>
}
