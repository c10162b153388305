export type Customer = {
  readonly userId: string
  readonly stripeCustomerId: string | null
  readonly email: string | null
  readonly locale: string
  /** An IANA name; null counts quotas from the subscription's anchor, in UTC. */
  readonly timeZone: string | null
  /** Counts the customers that the user had at Stripe: one that is deleted there is followed by another. */
  readonly stripeGeneration: number
}

export type CustomerRepository = {
  readonly find: (userId: string) => Promise<Customer | undefined>
  /** Creates the customer, or takes over the fields that are given. */
  readonly upsert: (
    customer: {
      readonly userId: string
      readonly email?: string
      readonly locale?: string
      readonly timeZone?: string
    },
    at: Date,
  ) => Promise<Customer>
  /** The first id recorded stays; the answer is the one that counts. */
  readonly recordStripeCustomer: (userId: string, stripeCustomerId: string) => Promise<string>
  readonly findByStripeCustomer: (stripeCustomerId: string) => Promise<Customer | undefined>
  /** The customer is gone at Stripe: the next checkout makes another. Running it twice forgets it once. */
  readonly forgetStripeCustomer: (stripeCustomerId: string) => Promise<void>
}
