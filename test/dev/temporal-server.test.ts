import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { anyFreePort } from '../../dev/ports.ts'
import { STATE } from '../../dev/project.ts'
import { findTemporalCli } from '../../dev/temporal/cli.ts'
import { registerSearchAttributes } from '../../dev/temporal/register.ts'
import { SEARCH_ATTRIBUTES } from '../../dev/temporal/search-attributes.ts'
import { startTemporal } from '../../dev/temporal/server.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'perennial-temporal-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

test('workflows and search attributes survive a stop and a kill -9', async () => {
  const first = await start()
  await first.client.workflow.start('Waiting', { taskQueue: 'none', workflowId: 'kept' })
  await first.close()
  await first.server.stop()

  const second = await start()
  await second.client.workflow.start('Waiting', { taskQueue: 'none', workflowId: 'kept-too' })
  await second.close()
  process.kill(-second.server.pid, 'SIGKILL')
  await second.server.exited

  const third = await start()
  const kept = await Promise.all(
    ['kept', 'kept-too'].map((id) => third.client.workflow.getHandle(id).describe()),
  )
  expect(kept.map(({ status }) => status.name)).toEqual(['RUNNING', 'RUNNING'])
  expect(await third.searchAttributes()).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort())
  await registerSearchAttributes({ address: third.address }, 'default')
  await third.close()
  await third.server.stop()
})

async function start() {
  const [cli, port] = await Promise.all([
    findTemporalCli({ env: process.env, directory: STATE }),
    anyFreePort(),
  ])
  const databaseFile = join(directory, 'temporal.db')
  const server = await startTemporal({ cli: cli.path, port, databaseFile })
  const address = `127.0.0.1:${port}`
  const connection = await Connection.connect({ address })
  return {
    server,
    address,
    client: new Client({ connection }),
    close: () => connection.close(),
    searchAttributes: async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: 'default',
      })
      return Object.keys(customAttributes).sort()
    },
  }
}
