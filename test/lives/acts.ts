import type { FeatureCode, Slug } from './oracle/catalogue.ts'
import type { Code } from './oracle/discount.ts'
import type { Card } from './oracle/customer.ts'

/** A customer's behaviour on a checkout page. */
export type Payment = 'pays' | 'declined' | 'declined_then_pays' | 'authenticates' | 'leaves'

/** Events of a life: by the customer, their bank, in Stripe's dashboard or by an operator. */
export type Act =
  | {
      readonly kind: 'buy'
      readonly plan: Slug
      readonly payment: Payment
      /** Defaults to one. */
      readonly quantity?: number | undefined
      /** The coupon or promotion code. */
      readonly off?: Code | undefined
    }
  | {
      readonly kind: 'use'
      readonly feature: FeatureCode
      readonly amount: number
      /** Repetitions of the call under one idempotency key. */
      readonly times: number
    }
  | {
      readonly kind: 'rush'
      readonly feature: FeatureCode
      readonly amount: number
      /** Number of parallel calls, each with a separate key. */
      readonly callers: number
    }
  | {
      readonly kind: 'hold'
      readonly feature: FeatureCode
      readonly amount: number
      /** The final amount; zero releases the hold. */
      readonly settles: number
    }
  | { readonly kind: 'grant'; readonly feature: FeatureCode; readonly amount: number }
  | { readonly kind: 'cancel'; readonly when: 'now' | 'period_end' }
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'change'
      readonly plan: Slug
      readonly when: 'now' | 'period_end'
      /** Unchanged by default. */
      readonly quantity?: number | undefined
    }
  /** An operator migrates the customer to the version of their plan that is on sale then. */
  | { readonly kind: 'migrate'; readonly when: 'now' | 'period_end' }
  | { readonly kind: 'unchange' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'end_trial' }
  | { readonly kind: 'extend_trial'; readonly days: number }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'pay_invoice' }
  | { readonly kind: 'refund' }
  | { readonly kind: 'dispute' }
  | { readonly kind: 'at_dashboard'; readonly what: 'plans_end' | 'withdraws_end' | 'ends' }
