import type { PlanFeature } from '../../../domain/catalogue/plan.ts'
import type { FeatureUsage } from '../../../domain/usage/repository.ts'
import type { Operations, RowOf } from './port.ts'

type Switch = RowOf<'list_feature_switches'>

type Question = { readonly userId: string; readonly at: Date }

/** The features of a plan with those that an operator switched on for this user, and without those switched off. */
export async function withSwitches(
  operations: Operations,
  ofPlan: readonly FeatureUsage[],
  { userId, at }: Question,
): Promise<FeatureUsage[]> {
  const switches = await operations.rows('list_feature_switches', { p_user: userId, p_now: at })
  const isOff = (code: string) => switches.some((each) => each.code === code && !each.is_enabled)
  const isHeld = (code: string) => ofPlan.some(({ feature }) => feature.code === code)
  const added = switches
    .filter(({ code, is_enabled: isOn }) => isOn && !isHeld(code))
    .map((each) => ({ feature: featureOf(each), counter: null }))
  return [...ofPlan.filter(({ feature }) => !isOff(feature.code)), ...added]
}

/** A boolean feature that the plan does not have. */
const featureOf = ({ feature_id: featureId, code }: Switch): PlanFeature => ({
  featureId,
  code,
  name: code,
  type: 'boolean',
  unit: null,
  quotaLimit: null,
  reset: 'never',
  overage: 'refuse',
  rolloverMax: null,
  perQuantity: false,
  meter: code,
  usagePrice: null,
})
