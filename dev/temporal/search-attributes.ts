/** What operators filter subscriptions by in the Temporal UI. Registered when the server starts; repeating that is safe. */
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
