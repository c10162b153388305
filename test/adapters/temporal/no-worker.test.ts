import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SUBSCRIPTION_WORKFLOW, subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

/** The server refuses such a query with FAILED_PRECONDITION, as it does when no worker has polled for a while. */
test('a workflow that no worker can answer for is unavailable, and not a failure of the request', async () => {
  const subscriptionId = randomUUID()
  const { client } = world.container.temporal
  await client.workflow.start(SUBSCRIPTION_WORKFLOW, {
    workflowId: subscriptionWorkflowId(subscriptionId),
    taskQueue: world.workerEnvironment['TEMPORAL_TASK_QUEUE'] ?? '',
    args: [{ stateVersion: 1, subscriptionId, userId: 'ada', view: null }],
    startDelay: '1 hour',
  })
  const target = { subscriptionId, commandId: 'never-sent' }
  expect(await world.container.workflows.findReply(target)).toEqual({ kind: 'unavailable' })
})
