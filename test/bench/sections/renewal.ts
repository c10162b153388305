import type { temporal } from '@temporalio/proto'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { isAction, sizeOf, withoutTravel } from '../../replay/history-file.ts'
import { startGround } from '../../support/ground.ts'
import { subscribe } from '../../support/subscriber.ts'
import { createWorld, type World } from '../../support/world.ts'
import { atMost } from '../budgets.ts'
import type { Section } from '../section.ts'

type History = temporal.api.history.v1.IHistory

const HOUR_MS = 3_600_000
/** Two, so that the run between them is a whole period with nothing but its renewal. */
const RENEWALS = 2

/** What Temporal is asked to do and to keep for one plain renewal. */
export const renewal: Section = {
  name: 'renewal',
  async measure() {
    const ground = await startGround()
    const world = await createWorld({ ground })
    try {
      const history = withoutTravel(await aPeriodOf(world))
      const actions = history.events.filter(isAction).length
      return {
        figures: [],
        budgets: [
          atMost('one renewal, Temporal Actions', actions, 4, 'actions'),
          atMost('one renewal, events', history.events.length, 20, 'events'),
          atMost('one renewal, history', sizeOf(history) / 1_024, 4, 'KiB'),
        ],
      }
    } finally {
      await world.close()
      await ground.stop()
    }
  },
}

/** The run of a paid subscription that was begun by one renewal and ended by the next. */
async function aPeriodOf(world: World): Promise<History> {
  const who = await subscribe(world, 'plan_pro_monthly')
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
