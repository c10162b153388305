import { WorkflowNotFoundError, type Client } from '@temporalio/client'

/**
 * Deletes all histories of an ended workflow, before the namespace's retention would. The cluster deletes them within seconds.
 * Running it twice deletes nothing more.
 *
 * @throws while a run is open
 */
export async function deleteRuns(client: Client, workflowId: string): Promise<void> {
  for (const runId of await runsOf(client, workflowId))
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
    })
}

async function runsOf({ workflow }: Client, workflowId: string): Promise<ReadonlySet<string>> {
  const runs = new Set<string>()
  try {
    // The latest run is read directly, because lists show it with a delay.
    const { runId, status } = await workflow.getHandle(workflowId).describe()
    if (status.name === 'RUNNING')
      throw new Error(`${workflowId} is still running; repeat this when it has ended`)
    runs.add(runId)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
  const query = `WorkflowId = '${workflowId}'`
  for await (const { runId } of workflow.list({ query })) runs.add(runId)
  return runs
}
