import { Agent, request } from 'node:http'
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

const CALLERS = 20

test('an API under load from callers that keep their connections answers each call and ends by itself', async () => {
  const port = await anyFreePort()
  const api = await startApiProcess(world.database.url, port, world.workerEnvironment)
  const agent = new Agent({ keepAlive: true })
  const answers: { status: number; closes: boolean }[] = []
  const keepCalling = async () => {
    for (;;) {
      const answer = await get(`http://127.0.0.1:${port}/readyz`, agent)
      if (answer === undefined) return
      answers.push(answer)
    }
  }
  const callers = Promise.all(Array.from({ length: CALLERS }, keepCalling))
  await until('every caller has a connection', async () => answers.length > CALLERS * 5)
  // It exits with 1 when it gives up waiting for connections.
  expect(await api.stop()).toBe(0)
  await callers
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(answers.slice(0, CALLERS).some(({ closes }) => closes)).toBe(false)
  expect(answers.slice(-CALLERS).some(({ closes }) => closes)).toBe(true)
})

/** @returns undefined when no process listens any more */
const get = (url: string, agent: Agent) =>
  new Promise<{ status: number; closes: boolean } | undefined>((resolve) => {
    request(url, { agent }, (response) => {
      response.resume()
      const closes = response.headers.connection === 'close'
      response.on('end', () => resolve({ status: response.statusCode ?? 0, closes }))
    })
      .on('error', () => resolve(undefined))
      .end()
  })
