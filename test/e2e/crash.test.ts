import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

/** The longest wait after a crash. */
const RECOVERY_MAX_MS = 60_000

const rowOf = async (id: string) => {
  const { rows } = await world.database.pool.query(
    'select status from subscriptions where id = $1',
    [id],
  )
  return rows[0]
}
const forwarded = async (id: string) => {
  const { rows } = await world.database.pool.query(
    `select from stripe_events where subscription_id = $1 and state in ('forwarded', 'done')`,
    [id],
  )
  return rows.length > 0
}

describe('a worker that is killed', () => {
  const moments: [string, (id: string) => Promise<boolean>][] = [
    ['before the payment', () => Promise.resolve(true)],
    ['when the payment was forwarded to the workflow', forwarded],
    ['when the activation was committed', async (id) => (await rowOf(id)).status === 'active'],
  ]

  test.each(moments)(
    '%s loses nothing and repeats nothing',
    async (moment, reached) => {
      const user = `user-${randomUUID()}`
      const email = `${user}@example.com`
      const first = await startWorkerProcess(world)
      const { body } = await world.call('POST', '/subscriptions/checkout', {
        user,
        body: { plan_id: 'plan_pro_monthly', email },
      })
      const id: string = body.subscription_id
      const before = moment === 'before the payment'
      if (before) await first.kill()
      await pay(body.checkout_url)
      if (!before) {
        await until(moment, () => reached(id))
        await first.kill()
      }

      const second = await startWorkerProcess(world)
      await until(
        'it is active',
        async () => (await rowOf(id)).status === 'active',
        RECOVERY_MAX_MS,
      )
      await until(
        'it is confirmed',
        async () => (await world.mailsTo(email)).length > 0,
        RECOVERY_MAX_MS,
      )
      await world.settled()
      const { body: timeline } = await world.call('GET', `/subscriptions/${id}/timeline`, { user })
      expect(timeline.changes.map((change: { kind: string }) => change.kind)).toEqual([
        'checkout_opened',
        'activated',
      ])
      expect(await world.mailsTo(email)).toHaveLength(1)
      const paid = await world.stripe.subscriptions.list({ limit: 100 })
      expect(paid.data.filter((each) => each.metadata['perennial_user_id'] === user)).toHaveLength(
        1,
      )
      expect(await second.stop()).toBe(0)
    },
    3 * RECOVERY_MAX_MS,
  )
})
