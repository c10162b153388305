import { expect } from 'vitest'
import type { World } from '../support/world.ts'
import { writeHistory } from './history-file.ts'

/** Writes each run of a workflow, the oldest first, in the Temporal UI's download format. */
export async function keepRuns(world: World, name: string, workflowId: string): Promise<void> {
  const { client } = world.container.temporal
  const runs = []
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    runs.push(run)
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime())
  expect(runs.length).toBeGreaterThan(0)
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    // A run that has only just started contains no decision to replay.
    if (history.events?.some((event) => event.workflowTaskCompletedEventAttributes))
      writeHistory(`${name}-${index + 1}.json`, history)
  }
}
