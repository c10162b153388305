/** Stripe's timestamps are whole seconds since 1970. @see https://docs.stripe.com/api/events/object */
export const toStripeTime = (at: Date): number => Math.floor(at.getTime() / 1_000)

/** @param seconds a timestamp of Stripe's: seconds since 1970 */
export const fromStripeTime = (seconds: number): Date => new Date(seconds * 1_000)
