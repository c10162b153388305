import type Stripe from 'stripe'

/** The most that Stripe answers at a time. */
export const PAGE_MAX = 100

/** The parameter that goes on after a page. */
export const listed = (after: string | null): { starting_after?: string } =>
  after === null ? {} : { starting_after: after }

/** Where the next page begins; null when this was the last. */
export const afterOf = (page: Stripe.ApiList<{ id: string }>): string | null =>
  page.has_more ? (page.data.at(-1)?.id ?? null) : null
