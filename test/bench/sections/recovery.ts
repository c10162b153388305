import { startGround } from '../../support/ground.ts'
import { turn, undo } from '../../support/dashboard.ts'
import { pay } from '../../support/checkout-page.ts'
import { unpaidCustomer, type Customer } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { startWorkerProcess } from '../../support/worker-process.ts'
import { createWorld, type World } from '../../support/world.ts'
import { atMost } from '../budgets.ts'
import type { Section } from '../section.ts'

const PATIENCE_MS = 120_000

/** Kills a worker while it waits for Stripe, and measures how long the next one takes to finish the command. One sample each. */
export const recovery: Section = {
  name: 'recovery',
  async measure() {
    const ground = await startGround()
    const world = await createWorld({ ground, worker: false })
    try {
      const afterReading = await recover(world, {
        method: 'GET',
        path: '/v1/subscriptions/',
        ask: async (buyer) => pay((await buyer.read()).checkout.url),
        isDone: async (buyer) => (await buyer.read()).status === 'active',
      })
      const afterWriting = await recover(world, {
        method: 'POST',
        path: '/v1/subscriptions/',
        before: async (buyer) => {
          await pay((await buyer.read()).checkout.url)
          await until('it is active', async () => (await buyer.read()).status === 'active')
        },
        ask: (buyer) => buyer.ask('PUT', '/plan', { plan_id: 'plan_enterprise' }),
        isDone: async (buyer) => (await buyer.read()).plan.slug === 'plan_enterprise',
      })
      return {
        figures: [],
        budgets: [
          atMost('recovery, worker killed over a read of Stripe', afterReading, 60, 's'),
          atMost('recovery, worker killed over a change at Stripe', afterWriting, 60, 's'),
        ],
      }
    } finally {
      await world.close()
      await ground.stop()
    }
  },
}

type Crash = {
  readonly method: string
  readonly path: string
  readonly before?: (buyer: Customer) => Promise<void>
  readonly ask: (buyer: Customer) => Promise<unknown>
  readonly isDone: (buyer: Customer) => Promise<boolean>
}

/** Seconds from the kill until the command is done. */
async function recover(
  world: World,
  { method, path, before, ask, isDone }: Crash,
): Promise<number> {
  const first = await startWorkerProcess(world)
  const buyer = await unpaidCustomer(world)
  await before?.(buyer)
  await turn(world, 'faults', { kind: 'commit_then_hang', count: 1, method, path })
  const asked = ask(buyer)
  await until('Stripe was asked', async () => {
    const state = await fetch(`${world.simulator.url}/_simulator/state`)
    return ((await state.json()) as { readonly faults: readonly unknown[] }).faults.length === 0
  })
  await first.kill()
  const began = performance.now()
  const second = await startWorkerProcess(world)
  await until('it is done', () => isDone(buyer), PATIENCE_MS)
  const seconds = (performance.now() - began) / 1_000
  await asked
  await second.stop()
  await undo(world)
  return seconds
}
