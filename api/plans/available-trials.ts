import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { trialIdentitiesOf } from '../../domain/subscription/trial-identity.ts'
import type { ApiDependencies } from '../environment.ts'

type Visitor = {
  readonly userId: string
  /** The address in a user's token, which the customer's record may not have yet. */
  readonly email?: string | null
}

/**
 * The plans whose trial this user would get, as far as is known before a payment.
 * @returns the ids of their versions
 */
export async function availableTrials(
  { repositories, trialOncePer }: Pick<ApiDependencies, 'repositories' | 'trialOncePer'>,
  { userId, email }: Visitor,
  plans: readonly PlanVersion[],
): Promise<ReadonlySet<string>> {
  const withTrial = plans.filter(({ trialDays }) => trialDays > 0)
  if (withTrial.length === 0) return new Set()
  const customer = await repositories.customers.find(userId)
  const emails = [email, customer?.email].flatMap((each) => (each ? [each] : []))
  const available = withTrial.map(async (plan) => {
    const identities = trialIdentitiesOf({ userId, emails }, plan, trialOncePer)
    const { productLine } = plan
    const had = await repositories.trials.find({ userId, productLine, identities })
    return had.length === 0 ? [plan.id] : []
  })
  return new Set((await Promise.all(available)).flat())
}
