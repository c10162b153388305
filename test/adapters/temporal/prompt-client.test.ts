import { AsyncLocalStorage } from 'node:async_hooks'
import { Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The SDK enters a scope for each deadline. Before Node 24 that slows every promise in the process. */
test('requests to Temporal enter no AsyncLocalStorage scope of their connection', async () => {
  const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
  try {
    const { promptClient, ping, searchAttributes } = world.container.temporal
    await ping()
    await searchAttributes()
    const customer = await subscribe(world, 'plan_free')
    expect((await customer.ask('PUT', '/cancellation', { when: 'period_end' })).status).toBe(200)
    const { connection } = promptClient
    if (!(connection instanceof Connection)) throw new Error('not a connection of the SDK')
    expect(run.mock.contexts).not.toContain(connection.callContextStorage)
  } finally {
    run.mockRestore()
  }
})
