import type { PlanVersion } from '../catalogue/plan.ts'
import { normalizedEmail } from '../customer/normalized-email.ts'

/** By what a person is recognized, so that each has one trial in a product line. */
export const TRIAL_LIMITS = ['user', 'email', 'card'] as const
export type TrialLimit = (typeof TRIAL_LIMITS)[number]

/** `offer`: the plan version that an operator offered to a user, whose trial each user has once, too. */
export type TrialIdentityKind = TrialLimit | 'offer'

/** One mark by which a person is recognised. */
export type TrialIdentity = {
  readonly kind: TrialIdentityKind
  /** Personal data: it is stored as a hash only. */
  readonly value: string
  /** Whether an earlier trial of this identity means no further one. */
  readonly counts: boolean
}

/** All that is known of a user whose trial is decided. */
export type TrialUser = {
  readonly userId: string
  /** Every address that is known; empty if none is. */
  readonly emails: readonly string[]
  /** Stripe's fingerprint of the payment method; null without one, or before it is known. */
  readonly card?: string | null
}

/**
 * The identities by which a trial of this plan is had once. An operator who offers a user a version with a trial allows it
 * once more, whatever trials there were; the person's identities are stored all the same.
 * @param oncePer the deployment's policy, `TRIAL_ONCE_PER`
 */
export function trialIdentitiesOf(
  { userId, emails, card }: TrialUser,
  plan: Pick<PlanVersion, 'id' | 'isOffer'>,
  oncePer: readonly TrialLimit[],
): TrialIdentity[] {
  const own: Readonly<Record<TrialLimit, readonly string[]>> = {
    user: [userId],
    email: [...new Set(emails.map(normalizedEmail))],
    card: card ? [card] : [],
  }
  const identities = oncePer.flatMap((kind) =>
    own[kind].map((value) => ({ kind, value, counts: !plan.isOffer })),
  )
  return plan.isOffer
    ? [{ kind: 'offer', value: plan.id, counts: true }, ...identities]
    : identities
}
