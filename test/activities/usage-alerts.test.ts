import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPool } from '../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../adapters/database/postgres/repositories.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const alertsOf = async (who: Customer) =>
  (await who.timeline()).filter((kind) => kind === 'quota_threshold').length
const mailsOf = async (who: Customer) =>
  (await who.mails()).filter((subject) => /used|usou/.test(subject)).sort()
const alertsSent = (who: Customer, count: number) =>
  until(`${count} threshold e-mails are sent`, async () => (await mailsOf(who)).length === count)
const pending = async () => {
  const { rows } = await world.database.pool.query<{ count: number }>(
    `select count(*)::int as count from usage_alerts where state = 'pending'`,
  )
  return rows[0]!.count
}

describe('a threshold', () => {
  test('is reported once, by e-mail and in the timeline, for any number of concurrent calls', async () => {
    const who = await subscribe(world, 'plan_free')
    await Promise.all(Array.from({ length: 79 }, () => who.consume(1)))
    expect(await pending()).toBe(0)
    await Promise.all(Array.from({ length: 6 }, () => who.consume(1)))
    await alertsSent(who, 1)
    expect(await mailsOf(who)).toEqual(['You have used 80% of Messages sent'])
    // Usage is released and reaches the threshold again in the same window.
    const body = { feature: 'messages_sent', amount: 10 }
    await world.call('POST', '/usage/release', { user: who.user, body })
    await who.consume(25)
    await alertsSent(who, 2)
    expect(await alertsOf(who)).toBe(2)
    expect(await pending()).toBe(0)
    const { body: timeline } = await who.ask('GET', '/timeline')
    expect(timeline.changes.at(-1)).toMatchObject({
      actor: 'user',
      cause: 'messages_sent reached 100 % of its quota: 100 of 100',
    })
  })

  test('that a lower limit crosses is reported by the next usage, and not by a release', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const seats = (call: 'consume' | 'release') =>
      world.call('POST', `/usage/${call}`, {
        user: who.user,
        body: { feature: 'seats', amount: 1 },
      })
    for (let taken = 1; taken <= 3; taken++) await seats('consume')
    await who.ask('PUT', '/plan', { plan_id: 'plan_free', when: 'period_end' })
    await world.advanceTo(new Date((await who.read()).period.end))
    expect((await seats('release')).body).toMatchObject({ used_amount: 2, quota_limit: 1 })
    expect((await seats('release')).body).toMatchObject({ used_amount: 1 })
    expect(await pending()).toBe(0)
    expect(await alertsOf(who)).toBe(0)
    await seats('release')
    await seats('consume')
    await alertsSent(who, 2)
  })

  test('is reported again in the next window, in the customer’s language', async () => {
    const who = await subscribe(world, 'plan_free', { body: { locale: 'pt-BR' } })
    await who.consume(80)
    await alertsSent(who, 1)
    const { resets_at } = await who.usage()
    await world.advanceTo(new Date(resets_at))
    await who.consume(85)
    await alertsSent(who, 2)
    expect(await mailsOf(who)).toEqual([
      'Já usou 80% de Messages sent',
      'Já usou 80% de Messages sent',
    ])
  })

  test('is reported even if the process crashes after counting', async () => {
    const who = await subscribe(world, 'plan_free')
    const pool = createPool({
      databaseUrl: world.database.url,
      connectionsMax: 1,
      applicationName: 'dies',
      onError: () => {},
    })
    // Counts without a notification.
    const dying = createPostgresRepositories(pool)
    const request = { userId: who.user, feature: 'messages_sent', key: randomUUID(), amount: 100 }
    await dying.usage.consume([request], world.clock.now())
    await dying.close()
    expect(await pending()).toBe(2)
    await Promise.all([1, 2].map(() => world.container.forwardUsageAlerts(world.clock.now())))
    await alertsSent(who, 2)
    expect(await alertsOf(who)).toBe(2)
  })

  test('is reported again when an override or a grant raises the limit, and not when it falls', async () => {
    const who = await subscribe(world, 'plan_free')
    const operator = (method: string, path: string, body: object) =>
      world.call(method, `/admin${path}`, {
        headers: { authorization: 'Bearer bk_dev_operator' },
        body: { reason: 'an agreement', ...body },
      })
    await who.consume(100)
    await alertsSent(who, 2)
    const override = `/users/${who.user}/overrides/messages_sent`
    await operator('PUT', override, { quota_limit: 200 })
    expect(await pending()).toBe(0)
    await who.consume(60)
    await alertsSent(who, 3)
    // A lower limit: the threshold was reported at a higher one.
    await operator('PUT', override, { quota_limit: 190 })
    await who.consume(1)
    expect(await pending()).toBe(0)
    await who.consume(29)
    await alertsSent(who, 4)
    const grant = { user_id: who.user, feature: 'messages_sent', amount: 110 }
    await operator('POST', '/grants', grant)
    await who.consume(50)
    await alertsSent(who, 5)
    await who.consume(60)
    await alertsSent(who, 6)
    const { body } = await who.ask('GET', '/timeline')
    expect(body.changes.map(({ cause }: { cause: string }) => cause).slice(-6)).toEqual([
      'messages_sent reached 80 % of its quota: 100 of 100',
      'messages_sent reached 100 % of its quota: 100 of 100',
      'messages_sent reached 80 % of its quota: 160 of 200',
      'messages_sent reached 100 % of its quota: 190 of 190',
      'messages_sent reached 80 % of its quota: 240 of 300',
      'messages_sent reached 100 % of its quota: 300 of 300',
    ])
  })

  test('waits for a worker, but usage does not wait', async () => {
    const who = await subscribe(world, 'plan_free')
    await world.stopWorker()
    expect(await who.consume(90)).toMatchObject({ outcome: 'allowed' })
    expect(await mailsOf(who)).toEqual([])
    await world.startWorker()
    await alertsSent(who, 1)
    expect(await alertsOf(who)).toBe(1)
  })

  test('of a subscription that has ended is not reported', async () => {
    const who = await subscribe(world, 'plan_free')
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.database.pool.query(
      `insert into usage_alerts select subscription_id, feature_id, window_start, 80, 80, 100, $2, 'pending', 0, $2
       from feature_usage where subscription_id = $1`,
      [who.id, world.clock.now()],
    )
    await world.container.forwardUsageAlerts(world.clock.now())
    await until('it is skipped', async () => (await pending()) === 0)
    expect(await mailsOf(who)).toEqual([])
  })
})
