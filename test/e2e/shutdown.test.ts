import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess } from '../support/api-process.ts'
import { callerOf } from '../support/call.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

test('an API that is asked to stop takes no new call, and answers the one that waits', async () => {
  const port = await anyFreePort()
  const api = await startApiProcess(world.database.url, port, world.workerEnvironment)
  const call = callerOf(`http://127.0.0.1:${port}`)
  // The request waits: there is no worker yet.
  const waiting = call('POST', '/subscriptions/checkout', {
    user: 'ada',
    body: { plan_id: 'plan_free' },
  })
  const { client } = world.container.temporal
  await until('the workflow is asked', async () => {
    const found = client.workflow.list({ query: `UserId = "ada" AND ExecutionStatus = "Running"` })
    for await (const each of found)
      if (each.taskQueue === world.workerEnvironment['TEMPORAL_TASK_QUEUE']) return true
    return false
  })
  const stopped = api.stop()
  await until('it takes no new call', async () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => false,
      () => true,
    ),
  )
  await world.startWorker()
  expect(await waiting).toMatchObject({ status: 201, body: { status: 'active' } })
  expect(await stopped).toBe(0)
})
