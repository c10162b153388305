import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common'
import { workflowInfo } from '@temporalio/workflow'
import { SEARCH_ATTRIBUTES, type AttributeOfView, type SubscriptionView } from './contract.ts'

const instantOrNull = (instant: string | undefined): Date | null =>
  instant === undefined ? null : new Date(instant)

/** The attributes as they follow from a view; null takes one away. */
export const searchAttributesOf = (
  userId: string,
  view: SubscriptionView,
): SearchAttributeUpdatePair[] => [
  { key: SEARCH_ATTRIBUTES.status, value: view.status },
  { key: SEARCH_ATTRIBUTES.plan, value: view.plan },
  { key: SEARCH_ATTRIBUTES.planVersion, value: view.planVersion },
  { key: SEARCH_ATTRIBUTES.userId, value: userId },
  { key: SEARCH_ATTRIBUTES.stripeCustomerId, value: view.stripeCustomerId ?? null },
  { key: SEARCH_ATTRIBUTES.periodEnd, value: instantOrNull(view.periodEnd) },
  { key: SEARCH_ATTRIBUTES.pastDueSince, value: instantOrNull(view.pastDueSince) },
  // Only ever true: one that is false would be carried by every run.
  { key: SEARCH_ATTRIBUTES.drift, value: view.drift === undefined ? null : true },
]

/** The attributes that a new run begins with: there, one that is null is left out. */
export const initialSearchAttributesOf = (
  userId: string,
  view: SubscriptionView,
): SearchAttributePair[] =>
  searchAttributesOf(userId, view).filter(
    (pair): pair is SearchAttributePair => pair.value !== null,
  )

/** What this run's attributes said of its subscription when it began; nothing true in a run that begins without a view. */
export function attributesOfRun(): Pick<SubscriptionView, AttributeOfView> {
  const { typedSearchAttributes: attributes } = workflowInfo()
  return {
    plan: attributes.get(SEARCH_ATTRIBUTES.plan) ?? 'unknown',
    planVersion: attributes.get(SEARCH_ATTRIBUTES.planVersion) ?? 0,
    periodEnd: attributes.get(SEARCH_ATTRIBUTES.periodEnd)?.toISOString(),
    stripeCustomerId: attributes.get(SEARCH_ATTRIBUTES.stripeCustomerId),
  }
}
