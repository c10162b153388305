import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  startStripeSimulator,
  type StripeSimulator,
} from '../../packages/stripe-simulator/simulator.ts'
import { playLife } from './scenario.ts'

/** Stripe's own test mode answers where a key is given: `STRIPE_TEST_KEY=sk_test_… npx vitest run test/live`. */
const KEY = process.env['STRIPE_TEST_KEY']
const PATIENCE_MS = 10 * 60_000

let simulator: StripeSimulator
beforeAll(async () => {
  simulator = await startStripeSimulator({
    clock: { now: () => new Date() },
    settlesByItself: false,
  })
})
afterAll(() => simulator.close())

const simulated = () => playLife({ apiKey: 'sk_test_simulator', apiBase: simulator.url })

test('a full lifecycle in the simulator matches this scenario', async () => {
  const moments = await simulated()
  expect(
    moments.map(({ after, status, isEnding, price }) => [after, status, isEnding, price]),
  ).toEqual([
    ['it was bought', 'active', false, 2_000],
    ['its end was planned', 'active', true, 2_000],
    ['that was withdrawn', 'active', false, 2_000],
    ['it was upgraded', 'active', false, 5_000],
    ['it renewed', 'active', false, 5_000],
    ['a renewal was declined', 'past_due', false, 5_000],
    ['it was paid after all', 'active', false, 5_000],
    ['it was canceled', 'canceled', false, 5_000],
  ])
  expect(moments.flatMap(({ violations }) => violations)).toEqual([])
})

test.skipIf(KEY === undefined)(
  'the same life at Stripe itself goes as in the simulator',
  async () => {
    expect(await playLife({ apiKey: KEY ?? '' })).toEqual(await simulated())
  },
  PATIENCE_MS,
)
