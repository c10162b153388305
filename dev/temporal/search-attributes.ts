/** The filters for subscriptions in the Temporal UI. Registered at each server start; repeating that is safe. */
export const SEARCH_ATTRIBUTES = {
  SubscriptionStatus: 'Keyword',
  Plan: 'Keyword',
  PlanVersion: 'Int',
  UserId: 'Keyword',
  StripeCustomerId: 'Keyword',
  PeriodEnd: 'Datetime',
  PastDueSince: 'Datetime',
  Drift: 'Bool',
} as const
