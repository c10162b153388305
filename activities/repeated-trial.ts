import type { StripeSnapshot } from '../domain/stripe/snapshot.ts'
import type { PlanVersion } from '../domain/catalogue/plan.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import {
  trialIdentitiesOf,
  type TrialUser,
  type TrialIdentityKind,
} from '../domain/subscription/trial-identity.ts'
import type { ActivityParts } from './parts.ts'
import { askStripe } from './stripe-failure.ts'

type TrialParts = Pick<ActivityParts, 'repositories' | 'stripe' | 'trialOncePer'>

/** The days of the trial that a user gets with this plan: none when they had one, as far as is known before the payment. */
export async function trialDaysFor(
  { repositories, trialOncePer }: Omit<TrialParts, 'stripe'>,
  plan: PlanVersion,
  userId: string,
): Promise<number> {
  if (plan.trialDays === 0) return 0
  const customer = await repositories.customers.find(userId)
  const user = { userId, emails: present([customer?.email]) }
  const identities = trialIdentitiesOf(user, plan, trialOncePer)
  const had = await repositories.trials.find({ userId, productLine: plan.productLine, identities })
  return had.length > 0 ? 0 : plan.trialDays
}

type Trial = {
  readonly before: Subscription
  readonly snapshot: StripeSnapshot
  /** The plan that the snapshot names. */
  readonly plan: PlanVersion
  readonly at: Date
  /** An imported trial was given elsewhere, and stays. */
  readonly isImport: boolean
}

/**
 * Stores who has the trial that Stripe reports, and ends it there if that person had one before. So an account that was not
 * recognized before the payment, by its card for example, is charged now, or ends.
 * @returns why the trial was refused; empty if it was not. After a refusal the snapshot is out of date.
 */
export async function refuseRepeatedTrial(
  parts: TrialParts,
  trial: Trial,
): Promise<TrialIdentityKind[]> {
  const { before, snapshot, plan, at, isImport } = trial
  const { subscription } = snapshot
  if (subscription?.kind !== 'present') return []
  const isTrialing = subscription.status === 'trialing'
  // A card that was added at the end of the trial is stored with the next step, for the trials of other accounts.
  if (!isTrialing && before.status !== 'trialing') return []
  const taken = await parts.repositories.trials.record({
    subscriptionId: before.id,
    productLine: before.productLine,
    identities: trialIdentitiesOf(await trialUserOf(parts, trial), plan, parts.trialOncePer),
    begins: isTrialing && before.status !== 'trialing',
    at,
  })
  if (taken.length === 0 || !isTrialing || isImport) return []
  await askStripe(() =>
    parts.stripe.refuseTrial({
      subscriptionId: before.id,
      stripeSubscriptionId: subscription.id,
      generation: before.observedSeq,
    }),
  )
  return taken
}

async function trialUserOf(
  { repositories, stripe, trialOncePer }: TrialParts,
  { before: { userId }, snapshot: { session, subscription } }: Trial,
): Promise<TrialUser> {
  const customer = await repositories.customers.find(userId)
  const readsCard = trialOncePer.includes('card') && subscription !== null
  const card = readsCard ? await askStripe(() => stripe.readFingerprint(subscription.id)) : null
  return { userId, emails: present([customer?.email, session?.email]), card }
}

const present = (emails: readonly (string | null | undefined)[]): string[] =>
  emails.flatMap((each) => (each ? [each] : []))
