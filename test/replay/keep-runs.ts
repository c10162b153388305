import { expect } from 'vitest'
import type { World } from '../support/world.ts'
import { writeHistory } from './history-file.ts'

/** Writes each run of a workflow, the first one first, as the Temporal UI would download it. */
export async function keepRuns(world: World, name: string, workflowId: string): Promise<void> {
  const { client } = world.container.temporal
  const runs = []
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    runs.push(run)
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime())
  expect(runs.length).toBeGreaterThan(0)
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    // A run that was only just begun has decided nothing that could be replayed.
    if (history.events?.some((event) => event.workflowTaskCompletedEventAttributes))
      writeHistory(`${name}-${index + 1}.json`, history)
  }
}
