import { isLive, type Subscription } from '../subscription/subscription.ts'
import type { Actor } from '../subscription/timeline.ts'

/** The details that an application sets. Absent fields stay as they are. */
export type CustomerDetails = {
  readonly email?: string | undefined
  readonly name?: string | undefined
}

type StoredDetails = { readonly email: string | null; readonly name: string | null }

/** As at Stripe. @see https://docs.stripe.com/api/customers/update */
export const NAME_MAX_CHARACTERS = 256

const WORDS = { email: 'the e-mail address', name: 'the name' } as const

/** @returns the fields that a change would alter; none if the customer already has these details */
export const fieldsThatDiffer = (
  before: StoredDetails | undefined,
  wanted: CustomerDetails,
): (keyof CustomerDetails)[] =>
  (['email', 'name'] as const).filter(
    (field) => wanted[field] !== undefined && wanted[field] !== (before?.[field] ?? null),
  )

/** The cause of the timeline entry. It has no personal data, because an entry outlives the customer. */
export const causeOfChange = (fields: readonly (keyof CustomerDetails)[]): string =>
  `${fields.map((field) => WORDS[field]).join(' and ')} changed`

/** The subscription whose timeline and webhooks name the change: a live one, or else the newest. */
export const subscriptionOfChange = (newestFirst: readonly Subscription[]): Subscription | null =>
  newestFirst.find(({ status }) => isLive(status)) ?? newestFirst[0] ?? null

/** A change of a customer's details, and its place in a timeline. */
export type DetailsChange = CustomerDetails & {
  readonly userId: string
  readonly at: Date
  readonly actor: Actor
  readonly keyId: string | null
  readonly cause: string
  /** Null for a customer who never had one. */
  readonly subscription: Subscription | null
}

/** A claimed update of a customer at Stripe. */
export type CustomerUpdate = StoredDetails & {
  readonly userId: string
  readonly stripeCustomerId: string
  /** Counts the changes of one customer. */
  readonly revision: number
  readonly attempts: number
}

/** The updates of customers at Stripe that are due. */
export type CustomerUpdateRepository = {
  /** Claims one update for `leaseMs` milliseconds. @returns undefined if none is due */
  readonly claim: (at: Date, leaseMs: number) => Promise<CustomerUpdate | undefined>
  /** Stripe has the details. A change that was made meanwhile is due now. */
  readonly done: (update: CustomerUpdate, at: Date) => Promise<void>
  readonly postpone: (update: CustomerUpdate, until: Date) => Promise<void>
}
