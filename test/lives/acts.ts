import type { FeatureCode, Slug } from './oracle/catalogue.ts'
import type { Code } from './oracle/discount.ts'
import type { Card } from './oracle/person.ts'

/** How somebody behaves on a page to pay on. */
export type Payment = 'pays' | 'declined' | 'declined_then_pays' | 'authenticates' | 'leaves'

/** What happens in a life, by its person, at their bank, at Stripe's dashboard or by an operator. */
export type Act =
  | {
      readonly kind: 'buy'
      readonly plan: Slug
      readonly payment: Payment
      /** One, if it is not said. */
      readonly quantity?: number | undefined
      /** What takes something off. */
      readonly off?: Code | undefined
    }
  | {
      readonly kind: 'use'
      readonly feature: FeatureCode
      readonly amount: number
      /** Sent so many times under one key. */
      readonly times: number
    }
  | {
      readonly kind: 'rush'
      readonly feature: FeatureCode
      readonly amount: number
      /** So many want it in the same moment, each under a key of its own. */
      readonly callers: number
    }
  | {
      readonly kind: 'hold'
      readonly feature: FeatureCode
      readonly amount: number
      /** What it came to in the end; zero releases it. */
      readonly settles: number
    }
  | { readonly kind: 'grant'; readonly feature: FeatureCode; readonly amount: number }
  | { readonly kind: 'cancel'; readonly when: 'now' | 'period_end' }
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'change'
      readonly plan: Slug
      readonly when: 'now' | 'period_end'
      /** As many as before, if it is not said. */
      readonly quantity?: number | undefined
    }
  /** An operator moves them to the version of their plan that is on sale by then. */
  | { readonly kind: 'migrate'; readonly when: 'now' | 'period_end' }
  | { readonly kind: 'unchange' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'end_trial' }
  | { readonly kind: 'extend_trial'; readonly days: number }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'pay_bill' }
  | { readonly kind: 'refund' }
  | { readonly kind: 'dispute' }
  | { readonly kind: 'at_dashboard'; readonly what: 'plans_end' | 'withdraws_end' | 'ends' }
