import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common'
import { workflowInfo } from '@temporalio/workflow'
import { SEARCH_ATTRIBUTES, type AttributeOfView, type SubscriptionView } from './contract.ts'

const instantOrNull = (instant: string | undefined): Date | null =>
  instant === undefined ? null : new Date(instant)

/** The search attributes of a view. Null removes one. */
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
  // True or absent: every run would carry a false one.
  { key: SEARCH_ATTRIBUTES.drift, value: view.drift === undefined ? null : true },
]

/** The search attributes with which a new run begins. Absent ones are left out there. */
export const initialSearchAttributesOf = (
  userId: string,
  view: SubscriptionView,
): SearchAttributePair[] =>
  searchAttributesOf(userId, view).filter(
    (pair): pair is SearchAttributePair => pair.value !== null,
  )

/**
 * The part of the view that this run's search attributes held when it began. Meaningless in a run without a view.
 */
export function attributesOfRun(): Pick<SubscriptionView, AttributeOfView> {
  const { typedSearchAttributes: attributes } = workflowInfo()
  return {
    plan: attributes.get(SEARCH_ATTRIBUTES.plan) ?? 'unknown',
    planVersion: attributes.get(SEARCH_ATTRIBUTES.planVersion) ?? 0,
    periodEnd: attributes.get(SEARCH_ATTRIBUTES.periodEnd)?.toISOString(),
    stripeCustomerId: attributes.get(SEARCH_ATTRIBUTES.stripeCustomerId),
  }
}
