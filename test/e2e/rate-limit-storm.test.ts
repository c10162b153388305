import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { turn, undo } from '../support/dashboard.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

const PER_SECOND = 20
const PAYERS = 30

let world: World
beforeAll(async () => {
  world = await createWorld({ pace: { requestsPerSecond: PER_SECOND } })
  await world.container.tailStripeEvents(world.clock.now(), 0)
})
afterAll(() => world.close())

describe('many subscriptions that change in one second, under Stripe’s rate limit,', () => {
  test('are all updated, and each customer gets one e-mail', async () => {
    const payers: Customer[] = []
    for (let count = 0; count < PAYERS; count++)
      payers.push(await subscribe(world, 'plan_pro_monthly'))
    await turn(world, 'deliveries', { action: 'drop', count: 10_000 })
    for (const payer of payers) {
      const { id } = await payer.stripe()
      await world.stripe.subscriptions.update(id, { cancel_at_period_end: true })
      await world.stripe.subscriptions.update(id, { metadata: { note: 'twice' } })
    }
    await undo(world)
    const beganAt = performance.now()
    expect(await world.container.tailStripeEvents(world.clock.now(), 0)).toBeGreaterThanOrEqual(
      2 * PAYERS,
    )
    await world.settled()
    for (const payer of payers) {
      expect((await payer.read()).cancel_at).not.toBeNull()
      expect(
        (await payer.timeline()).filter((kind) => kind === 'cancellation_scheduled'),
      ).toHaveLength(1)
    }
    // One read for each, at the limited rate: without a limit this would take almost no time.
    expect(performance.now() - beganAt).toBeGreaterThan(((PAYERS - 5) / PER_SECOND) * 1_000)
    const { rows } = await world.database.pool.query(
      `select from drift_findings where state = 'open'`,
    )
    expect(rows).toEqual([])
  })
})
