import { turn } from '../../support/dashboard.ts'
import type { World } from '../../support/world.ts'
import type { Fault } from './fault.ts'

/** The approximate number of events of a renewal. */
const EVENTS_EACH = 10
const EVENTS_MIN = 40

type Rules = { readonly delivery_rules: { readonly left: number }[] }
const leftOf = async ({ simulator }: World): Promise<number> => {
  const state = await fetch(`${simulator.url}/_simulator/state`)
  const { delivery_rules } = (await state.json()) as Rules
  return delivery_rules.reduce((sum, rule) => sum + rule.left, 0)
}

/** Irregular deliveries by Stripe. */
const deliveries = (kind: string, knobs: object): Fault => ({
  kind,
  strike: async (world, chance, crowd) => {
    const count = 1 + chance.upTo(Math.max(EVENTS_MIN, crowd * EVENTS_EACH))
    await turn(world, 'deliveries', { count, seed: chance.upTo(1_000), ...knobs })
    return {
      repair: async () => {
        const left = await leftOf(world)
        // Releases withheld webhooks in random order.
        await fetch(`${world.simulator.url}/_simulator/deliveries`, { method: 'DELETE' })
        return count - left
      },
    }
  },
})

/** The events of a request come before its answer. */
const beforeResponse: Fault = {
  kind: 'webhook before the response',
  strike: async (world) => {
    const put = (on: boolean) =>
      fetch(`${world.simulator.url}/_simulator/deliveries/before_response`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ on }),
      })
    await put(true)
    return {
      repair: async () => {
        await put(false)
        return 1
      },
    }
  },
}

export const WEBHOOKS: readonly Fault[] = [
  deliveries('webhook dropped', { action: 'drop' }),
  deliveries('webhook doubled', { action: 'duplicate' }),
  deliveries('webhook tripled', { action: 'duplicate', times: 3 }),
  deliveries('webhook delayed', { action: 'delay', milliseconds: 400 }),
  deliveries('webhook reordered', { action: 'reorder' }),
  beforeResponse,
]
