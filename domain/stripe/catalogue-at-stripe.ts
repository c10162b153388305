/** How a version stands at Stripe. */
export type CatalogueAtStripe = {
  readonly slug: string
  readonly version: number
  readonly priceId: string | null
  readonly pushedAt: Date | null
  readonly comparedAt: Date | null
  /** What differs there, in words. */
  readonly drift: string | null
  readonly lastError: string | null
}

/** A version that is to be made so at Stripe, or (`compare`) only looked at. */
export type CataloguePush = {
  readonly planVersionId: string
  readonly kind: 'push' | 'compare'
  readonly name: string
  /** Archived is who nobody gets any more: a price of a retired version, a product without any other. */
  readonly priceActive: boolean
  readonly productActive: boolean
  /**
   * Which try it is. Another one has another key: Stripe would answer an error of its own with that error for a day, and
   * what was made is found by its name.
   */
  readonly generation: number
}

export type StripeCatalogueRepository = {
  /** What changed since it was last pushed, and what was not compared for a day; each is claimed by one worker. */
  readonly claimDue: (at: Date, limit: number) => Promise<CataloguePush[]>
  readonly done: (
    push: CataloguePush,
    outcome: { readonly drift: string | null; readonly at: Date },
  ) => Promise<void>
  readonly failed: (planVersionId: string, error: string) => Promise<void>
  /** Has a version made so again, whatever somebody did there; undefined for one that costs nothing, or is none. */
  readonly pushAgain: (
    of: { readonly slug: string; readonly version: number },
    at: Date,
  ) => Promise<CatalogueAtStripe | undefined>
  /** False while the price of one of these versions is archived at Stripe, where nobody can be moved to it. */
  readonly areSold: (planVersionIds: readonly string[]) => Promise<boolean>
  readonly list: () => Promise<CatalogueAtStripe[]>
}
