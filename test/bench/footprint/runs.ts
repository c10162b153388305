import type { Client } from '@temporalio/client'
import type { temporal } from '@temporalio/proto'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { sizeOf, withoutTravel } from '../../replay/history-file.ts'

type Event = temporal.api.history.v1.IHistoryEvent

/** Temporal Cloud charges each one as an Action; a start and a continuation are the first event of a run. */
const isAction = (event: Event): boolean =>
  Boolean(
    event.workflowExecutionStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.activityTaskScheduledEventAttributes ??
    event.timerStartedEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes,
  )

export type Cost = { readonly actions: number; readonly events: number; readonly bytes: number }

/** The cost of a subscription's runs so far, without the events that only time skipping writes. */
export async function costOf(client: Client, subscriptionId: string): Promise<Cost> {
  const workflowId = subscriptionWorkflowId(subscriptionId)
  const sum = { actions: 0, events: 0, bytes: 0 }
  let runId: string | undefined = (await client.workflow.getHandle(workflowId).describe()).runId
  while (runId) {
    const history = withoutTravel(await client.workflow.getHandle(workflowId, runId).fetchHistory())
    sum.actions += history.events.filter(isAction).length
    sum.events += history.events.length
    sum.bytes += sizeOf(history)
    // Empty in the first run.
    const started = history.events[0]?.workflowExecutionStartedEventAttributes
    runId = started?.continuedExecutionRunId ?? undefined
  }
  return sum
}

export const average = (costs: readonly Cost[]): Cost => {
  const mean = (of: (cost: Cost) => number) =>
    costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length
  return {
    actions: mean(({ actions }) => actions),
    events: mean(({ events }) => events),
    bytes: mean(({ bytes }) => bytes),
  }
}

export const difference = (after: Cost, before: Cost): Cost => ({
  actions: after.actions - before.actions,
  events: after.events - before.events,
  bytes: after.bytes - before.bytes,
})
