import { SEARCH_ATTRIBUTES, SUBSCRIPTION_WORKFLOW } from '../../workflows/contract.ts'
import type { WorkflowParts } from './time-skipping.ts'

/** Workflows in one answer of the cluster. */
const PAGE_MAX = 100

/** A running workflow of a subscription, as the cluster lists it. */
export type RunningSubscription = {
  readonly subscriptionId: string
  readonly userId: string | undefined
  /** The slug of its plan; undefined before it has one. */
  readonly plan: string | undefined
  readonly stripeCustomerId: string | undefined
}

/** One page of running workflows. `after` continues; null after the last page. */
export type RunningPage = {
  readonly workflows: readonly RunningSubscription[]
  readonly after: string | null
}

/**
 * Lists the running workflows of subscriptions, page by page. The list may be some seconds old.
 *
 * @param before only those that began before this instant
 * @param after `after` of the page before; null for the first one
 * @throws when Temporal is unavailable
 */
export async function listRunning(
  { client, taskQueue }: Pick<WorkflowParts, 'client' | 'taskQueue'>,
  before: Date,
  after: string | null,
): Promise<RunningPage> {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    query: `WorkflowType = '${SUBSCRIPTION_WORKFLOW}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running' AND StartTime < '${before.toISOString()}'`,
    pageSize: PAGE_MAX,
    ...(after !== null && { nextPageToken: Buffer.from(after, 'base64') }),
  })
  const workflows = executions.map(({ execution, searchAttributes }) => {
    const value = ({ name }: { readonly name: string }) =>
      textOf(searchAttributes?.indexedFields?.[name]?.data)
    return {
      subscriptionId: execution?.workflowId?.replace(/^subscription\//, '') ?? '',
      userId: value(SEARCH_ATTRIBUTES.userId),
      plan: value(SEARCH_ATTRIBUTES.plan),
      stripeCustomerId: value(SEARCH_ATTRIBUTES.stripeCustomerId),
    }
  })
  const isLast = nextPageToken.length === 0
  return { workflows, after: isLast ? null : Buffer.from(nextPageToken).toString('base64') }
}

/** The value of a search attribute, which is JSON and never encrypted. */
function textOf(data: Uint8Array | null | undefined): string | undefined {
  if (data === null || data === undefined) return undefined
  const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'))
  return typeof value === 'string' ? value : undefined
}
