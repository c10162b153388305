import type { SubscriptionId } from '../ids.ts'
import type { TrialIdentity, TrialIdentityKind } from './trial-identity.ts'

type Search = {
  readonly productLine: string
  readonly identities: readonly TrialIdentity[]
}

/** The marks of people who had a trial, as hashes. */
export type TrialRepository = {
  /** The kinds of identity that count and had a trial in the product line. */
  readonly find: (search: Search & { readonly userId: string }) => Promise<TrialIdentityKind[]>
  /**
   * Stores the identities of a subscription's trial. Of two subscriptions with one identity, at any instant, one gets it.
   * Idempotent.
   * @returns the kinds that count and belong to another subscription's trial. None for a trial that an operator allowed,
   *   that was imported, or that began before identities were stored.
   */
  readonly record: (
    trial: Search & {
      readonly subscriptionId: SubscriptionId
      /** Whether the trial begins with this step. */
      readonly begins: boolean
      readonly at: Date
    },
  ) => Promise<TrialIdentityKind[]>
}
