import type { DetailsChange } from './details.ts'

/** A user with a subscription: address, language and Stripe’s customer. */
export type Customer = {
  readonly userId: string
  readonly stripeCustomerId: string | null
  readonly email: string | null
  readonly name: string | null
  readonly locale: string
  /** An IANA name. If null, quota windows count from the subscription's anchor in UTC. */
  readonly timeZone: string | null
  /** How many customers the user has had at Stripe: if one is deleted there, the next checkout creates another. */
  readonly stripeGeneration: number
  /** Since when the user is known; after an erasure it is another instant. */
  readonly since: Date
}

/** Customers, by the application’s user id. */
export type CustomerRepository = {
  readonly find: (userId: string) => Promise<Customer | undefined>
  /** Creates the customer, or updates the given fields. */
  readonly upsert: (
    customer: {
      readonly userId: string
      readonly email?: string
      readonly locale?: string
      readonly timeZone?: string
    },
    at: Date,
  ) => Promise<Customer>
  /** Sets address and name, with a timeline entry and a webhook, and makes an update at Stripe due. Absent fields stay. */
  readonly change: (change: DetailsChange) => Promise<Customer>
  /** The first recorded id stays. @returns the id that is valid now. */
  readonly recordStripeCustomer: (userId: string, stripeCustomerId: string) => Promise<string>
  readonly findByStripeCustomer: (stripeCustomerId: string) => Promise<Customer | undefined>
  /** Gives the user of a customer at Stripe its e-mail address there. @returns false if no user here has this customer */
  readonly followEmail: (stripeCustomerId: string, email: string) => Promise<boolean>
  /** For a customer that was deleted at Stripe: the next checkout creates another. Idempotent. */
  readonly forgetStripeCustomer: (stripeCustomerId: string) => Promise<void>
}

/** The side whose e-mail addresses are used for letters: those that the application sends, or those of Stripe's customers. */
export const EMAIL_OWNERS = ['application', 'stripe'] as const
export type EmailOwner = (typeof EMAIL_OWNERS)[number]
