import type { temporal } from '@temporalio/proto'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import type { Customer } from './customer.ts'
import type { World } from './world.ts'

type History = temporal.api.history.v1.IHistory

const HOUR_MS = 3_600_000
/** Two renewals, so that the run between them is a whole period with nothing but its renewal. */
const RENEWALS = 2

/** The run of a subscription that one renewal started and the next one ended. */
export async function wholePeriodOf(world: World, who: Customer): Promise<History> {
  for (let count = 0; count < RENEWALS; count++) {
    const { period } = await who.read()
    await world.advanceTo(new Date(new Date(period.end).getTime() + HOUR_MS))
  }
  const { workflow } = world.container.temporal.client
  const workflowId = subscriptionWorkflowId(who.id)
  for await (const { runId } of workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory()
    const [first, last] = [history.events?.[0], history.events?.at(-1)]
    const isContinued = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId
    if (isContinued && last?.workflowExecutionContinuedAsNewEventAttributes) return history
  }
  throw new Error('no run lasted from one renewal to the next')
}
