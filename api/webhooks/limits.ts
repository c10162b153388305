/** Stripe's largest events have a few hundred KiB. */
export const WEBHOOK_BODY_MAX_BYTES = 1_024 * 1_024

/** The path below the API's base path. */
export const STRIPE_WEBHOOKS = '/webhooks/stripe'
