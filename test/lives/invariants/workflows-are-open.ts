import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import type { Invariant } from './all.ts'

/**
 * Work in progress when a worker loses its connections is retried after its timeout: half a minute for an activity, ten
 * seconds for a workflow task; a failure in between adds two minutes at most.
 */
const UNDER_WAY_MAX_MS = 150_000
const LOOK_AGAIN_MS = 200

/** Every workflow is open exactly when its subscription lives, and none of its tasks fails. */
export const workflowsAreOpen: Invariant = async ({ container, database }) => {
  const { client } = container.temporal
  const { rows } = await database.pool.query<{ id: string; is_live: boolean }>(
    `select id, status not in ('canceled', 'incomplete_expired') as is_live from subscriptions`,
  )
  const found = await Promise.all(
    rows.map(async ({ id, is_live: isLive }) => {
      const { status, attempt, steps } = await atRest(client, subscriptionWorkflowId(id))
      if (attempt > 1) return `${id} fails its workflow task for the ${attempt}th time`
      const wanted = isLive ? 'RUNNING' : 'COMPLETED'
      const busy = steps.length === 0 ? 'and waits' : `and does ${steps.join(', ')}`
      return status === wanted
        ? undefined
        : `${id}: its workflow is ${status}, not ${wanted}, ${busy}`
    }),
  )
  return found.filter((each) => each !== undefined)
}

/** The state of a workflow once it has no work in progress, or after a timeout. */
async function atRest(client: Client, workflowId: string) {
  const deadline = Date.now() + UNDER_WAY_MAX_MS
  for (;;) {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe()
    const steps = (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? '')
    const attempt = raw.pendingWorkflowTask?.attempt ?? 1
    const isUnderWay = Boolean(raw.pendingWorkflowTask) || steps.length > 0
    if (!isUnderWay || attempt > 2 || Date.now() > deadline)
      return { status: status.name, attempt, steps }
    await wait(LOOK_AGAIN_MS)
  }
}
