import type Stripe from 'stripe'

/** The largest page that Stripe returns. @see https://docs.stripe.com/api/pagination */
export const PAGE_MAX = 100

/** @param after the last id of the previous page; null for the first page */
export const pageAfter = (after: string | null): { starting_after?: string } =>
  after === null ? {} : { starting_after: after }

/** @returns the id to continue after; null when this was the last page */
export const lastIdOf = (page: Stripe.ApiList<{ id: string }>): string | null =>
  page.has_more ? (page.data.at(-1)?.id ?? null) : null
