import { expect, test } from 'vitest'
import { watchUsageCounters } from '../../../adapters/telemetry/repositories.ts'
import type { Telemetry } from '../../../adapters/telemetry/telemetry.ts'
import type { Repositories } from '../../../domain/repositories.ts'
import { SETTLED } from '../../../domain/stripe/event.ts'

type Reading = () => Promise<readonly (readonly [number, object])[]>

test('events that were parked on purpose do not count as parked', async () => {
  const gauges = new Map<string, Reading>()
  const telemetry = {
    watch: (name: string, read: Reading) => gauges.set(name, read),
  } as unknown as Telemetry
  const newestReceivedAt = new Date(0)
  const stripeInbox = {
    figures: async () => ({ received: 1, forwarded: 2, parked: 10, oldestReceivedAt: null }),
    parkedByReason: async () => [
      { reason: 'the catalogue is kept here', count: 4, newestReceivedAt },
      { reason: SETTLED.noInvoice, count: 3, newestReceivedAt },
      { reason: 'the database refused it', count: 3, newestReceivedAt },
    ],
  }
  const repositories = { stripeInbox } as unknown as Repositories
  watchUsageCounters(repositories, { telemetry, clock: { now: () => newestReceivedAt } })
  expect(await gauges.get('perennial.inbox.events')?.()).toEqual([
    [1, { 'perennial.state': 'received' }],
    [2, { 'perennial.state': 'forwarded' }],
    [3, { 'perennial.state': 'parked' }],
    [7, { 'perennial.state': 'ignored' }],
  ])
})
