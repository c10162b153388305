import { WorkflowNotFoundError, type Client } from '@temporalio/client'

/**
 * Deletes the histories of a workflow that is over, which would otherwise stay for the namespace's retention. The cluster
 * does it within seconds. Doing it twice deletes nothing the second time.
 *
 * @throws while one is running.
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
    // The latest: lists learn of what has just ended a moment later.
    const { runId, status } = await workflow.getHandle(workflowId).describe()
    if (status.name === 'RUNNING')
      throw new Error(`${workflowId} is still ending: repeat when it has ended`)
    runs.add(runId)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
  const query = `WorkflowId = '${workflowId}'`
  for await (const { runId } of workflow.list({ query })) runs.add(runId)
  return runs
}
