import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import type { Invariant } from './all.ts'

/** Every workflow is open exactly when its subscription lives, and none of its tasks fails. */
export const workflowsAreOpen: Invariant = async ({ container, database }) => {
  const { client } = container.temporal
  const { rows } = await database.pool.query<{ id: string; is_live: boolean }>(
    `select id, status not in ('canceled', 'incomplete_expired') as is_live from subscriptions`,
  )
  const found = await Promise.all(
    rows.map(async ({ id, is_live: isLive }) => {
      const { status, raw } = await client.workflow.getHandle(subscriptionWorkflowId(id)).describe()
      const attempt = raw.pendingWorkflowTask?.attempt ?? 1
      if (attempt > 1) return `${id} fails its workflow task for the ${attempt}th time`
      const wanted = isLive ? 'RUNNING' : 'COMPLETED'
      return status.name === wanted
        ? undefined
        : `${id}: its workflow is ${status.name}, not ${wanted}`
    }),
  )
  return found.filter((each) => each !== undefined)
}
