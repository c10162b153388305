/** A price that was made at Stripe and stands for a plan here. */
export type MappedPrice = {
  readonly priceId: string
  readonly planVersionId: string
  readonly createdAt: Date
}

export type StripePriceRepository = {
  /** From now on the price stands for this version; another one that it stood for before is forgotten. */
  readonly map: (price: MappedPrice) => Promise<void>
  readonly list: (limit: number) => Promise<MappedPrice[]>
}
