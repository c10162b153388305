/** Our keys in Stripe's metadata; foreign keys stay untouched. */
export const METADATA_SUBSCRIPTION = 'perennial_subscription_id'
export const METADATA_USER = 'perennial_user_id'
export const METADATA_PLAN_VERSION = 'perennial_plan_version'
