import { turn } from '../../support/dashboard.ts'
import type { World } from '../../support/world.ts'
import type { Fault } from './fault.ts'

/** Refused requests are retried, so each caller is refused a few times at most. */
const REQUESTS_MIN = 6

/**
 * A crowd uses up the faults sooner. A lone caller doubles its delay with each retry, and would need longer than the two
 * minutes of a caller's patience.
 */
const LASTS_MAX_MS = 15_000

/** Stripe refuses requests, or processes them and answers wrongly. */
const requests = (kind: string, knobs: object): Fault => ({
  kind,
  strike: async (world, chance, crowd) => {
    const count = 1 + chance.upTo(Math.max(REQUESTS_MIN, crowd * 2))
    await turn(world, 'faults', { count, ...knobs })
    let struck: Promise<number> | undefined
    const end = () => (struck ??= left(world).then((spared) => count - spared))
    const timer = setTimeout(() => void end(), LASTS_MAX_MS)
    return {
      repair: async () => {
        clearTimeout(timer)
        return end()
      },
    }
  },
})

/** Removes the remaining faults and returns their number. */
async function left({ simulator }: World): Promise<number> {
  const state = await fetch(`${simulator.url}/_simulator/state`)
  const { faults } = (await state.json()) as { faults: { left: number }[] }
  await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' })
  return faults.reduce((sum, fault) => sum + fault.left, 0)
}

export const STRIPE_ANSWERS: readonly Fault[] = [
  requests('Stripe 429', { kind: 'answer', status: 429 }),
  requests('Stripe 500', { kind: 'answer', status: 500 }),
  requests('Stripe 503', { kind: 'answer', status: 503 }),
  requests('Stripe 500 after it was done', {
    kind: 'commit_then_answer',
    status: 500,
    method: 'POST',
  }),
  requests('Stripe breaks off after it was done', { kind: 'commit_then_reset', method: 'POST' }),
  requests('Stripe breaks off while it is read', { kind: 'commit_then_reset', method: 'GET' }),
  requests('Stripe is slow', { kind: 'delay', milliseconds: 700 }),
]
