import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { ExampleSteps } from './patched/contract.ts'

/** How workflow code changes while runs of the old code are open: the example of workflows/README.md. */
const codeOf = (version: string) => join(import.meta.dirname, 'patched', `${version}.ts`)

let client: Client
let connection: NativeConnection
beforeAll(async () => {
  const address = inject('temporalAddress')
  client = new Client({ connection: await Connection.connect({ address }) })
  connection = await NativeConnection.connect({ address })
})
afterAll(async () => {
  await client.connection.close()
  await connection.close()
})

/** Runs a version to its end; returns its steps, in order, and its history. */
async function live(version: string) {
  const done: string[] = []
  const activities: ExampleSteps = {
    remind: async (by) => void done.push(`remind by ${by}`),
    charge: async () => void done.push('charge'),
  }
  const taskQueue = `patched-${randomUUID()}`
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: codeOf(version),
    activities,
  })
  const workflowId = randomUUID()
  await worker.runUntil(client.workflow.execute('Example', { workflowId, taskQueue }))
  return { done, history: await client.workflow.getHandle(workflowId).fetchHistory() }
}

const replay = (version: string, { history }: Awaited<ReturnType<typeof live>>) =>
  Worker.runReplayHistory({ workflowsPath: codeOf(version) }, history)

test('a patched change replays runs of the release before, and decides anew in later runs', async () => {
  const old = await live('version-1')
  expect(old.done).toEqual(['remind by letter', 'charge'])
  await expect(replay('version-2', old)).resolves.toBeUndefined()

  const young = await live('version-2')
  expect(young.done).toEqual(['charge', 'remind by mail'])
  await expect(replay('version-2', young)).resolves.toBeUndefined()
})

test('the same change without a patch is caught by the replay', async () => {
  await expect(replay('version-2-careless', await live('version-1'))).rejects.toThrow(
    /charge|remind/,
  )
})
