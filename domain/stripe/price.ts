/** A price created at Stripe and mapped to a plan version. */
export type MappedPrice = {
  readonly priceId: string
  readonly planVersionId: string
  readonly createdAt: Date
}

export type StripePriceRepository = {
  /** Maps a price to a version, in place of its previous one. */
  readonly map: (price: MappedPrice) => Promise<void>
  readonly list: (limit: number) => Promise<MappedPrice[]>
}
