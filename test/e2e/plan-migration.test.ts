import { afterAll, beforeAll, expect, test } from 'vitest'
import { aPlanOfVersions, migrate } from '../support/migrations.ts'
import { subscribe } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const CUSTOMERS = 60
/** Temporal notices a dead worker after half a minute at most, and this test kills two. */
const PATIENCE_MS = 240_000

test(
  'a migration whose worker is killed twice migrates each customer once, and is rolled back',
  async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ quota: 10 })
    const first = await startWorkerProcess(world)
    const customers = []
    for (let count = 0; count < CUSTOMERS; count += 10)
      customers.push(
        ...(await Promise.all(Array.from({ length: 10 }, () => subscribe(world, slug)))),
      )
    await publish({ quota: 30 })
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      when: 'now',
      canary_percent: 10,
      rate_per_minute: 600,
    })
    expect((await job.reaches('awaiting_approval')).report.states.moved).toBe(6)
    await job.steer('running')
    const moved = (count: number) =>
      until(
        `${count} are migrated`,
        async () => (await job.read()).report.states.moved >= count,
        PATIENCE_MS,
      )
    await moved(12)
    await first.kill()
    const second = await startWorkerProcess(world)
    await moved(35)
    await second.kill()
    const third = await startWorkerProcess(world)
    expect((await job.reaches('done')).report.states).toMatchObject({
      moved: CUSTOMERS,
      failed: 0,
    })
    const { rows } = await world.database.pool.query(
      `select count(*) as times, count(distinct subscription_id) as subscriptions
       from subscription_changes where kind = 'plan_changed'`,
    )
    expect(rows[0]).toEqual({ times: CUSTOMERS, subscriptions: CUSTOMERS })
    expect(await customers[0]!.usage()).toMatchObject({ quota_limit: 30 })

    await job.steer('rolled_back')
    expect((await job.reaches('rolled_back')).report.states).toMatchObject({
      rolled_back: CUSTOMERS,
    })
    expect(await customers[0]!.usage()).toMatchObject({ quota_limit: 10 })
    expect(await third.stop()).toBe(0)
  },
  2 * PATIENCE_MS,
)
