/** Our keys in Stripe's metadata. We never change other keys. @see https://docs.stripe.com/metadata */
export const METADATA_SUBSCRIPTION = 'perennial_subscription_id'
/** On a customer, a checkout session and a subscription: the application’s user id. */
export const METADATA_USER = 'perennial_user_id'
/** On a metered price: the plan that it is for, if not for all. */
export const METADATA_PLAN = 'perennial_plan'
/** On a price: the id of the plan version. */
export const METADATA_PLAN_VERSION = 'perennial_plan_version'
/** The end, in Stripe's seconds, of the rest that continues after a pause: a trial with this end is paid time. */
export const METADATA_PAID_UNTIL = 'perennial_paid_until'
/** Marks a subscription that we imported: it was not bought through our checkout. */
export const METADATA_IMPORTED = 'perennial_imported'
/** On a refund or a credit note: the command that made it. */
export const METADATA_COMMAND = 'perennial_command'
