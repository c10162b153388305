/** Our keys in Stripe's metadata; foreign keys stay untouched. */
export const METADATA_SUBSCRIPTION = 'perennial_subscription_id'
export const METADATA_USER = 'perennial_user_id'
export const METADATA_PLAN_VERSION = 'perennial_plan_version'
/** On a subscription that was made elsewhere and is known here since: it was not sold on a page of ours. */
export const METADATA_IMPORTED = 'perennial_imported'
