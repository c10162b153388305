import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sell, sellTrialPlan, TRIAL_PLAN } from '../../support/plans.ts'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const OTHER_FREE = 'plan_other_free'
const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
  await sellTrialPlan(world)
  await sell(world, { slug: OTHER_FREE, priceMinor: 0, productLine: 'other' })
})
afterAll(() => world.close())

/** A user with the free plan, of which 100 messages a month are free. */
const free = (user = newUser()) => subscribe(world, 'plan_free', { user })
const end = (who: Customer) => who.ask('PUT', '/cancellation', { when: 'now' })
const REFUSED = { outcome: 'refused', reason: 'quota_exceeded' }
const post = (path: string, user: string, body: object, key?: string) =>
  world.call('POST', path, { user, body, ...(key && { key }) })
const later = (days: number) =>
  world.advanceTo(new Date(world.clock.now().getTime() + days * DAY_MS))

describe('a free allowance', () => {
  test('is the same after the subscription was canceled and began again', async () => {
    const who = await free()
    await who.consume(100)
    const { window } = await who.usage()
    for (let i = 0; i < 2; i++) {
      await end(i === 0 ? who : await free(who.user))
      const again = await free(who.user)
      expect(await again.consume(1)).toMatchObject({ ...REFUSED, used_amount: 100 })
      expect(await again.usage()).toMatchObject({ used_amount: 100, remaining: 0, window })
      await end(again)
    }
  })

  test('is shared by the free plans of two product lines, at once and one after the other', async () => {
    const who = await free()
    const other = await subscribe(world, OTHER_FREE, { user: who.user })
    expect(await who.consume(100)).toMatchObject({ outcome: 'allowed' })
    expect(await who.consume(1)).toMatchObject(REFUSED)
    await end(who)
    expect(await other.consume(1)).toMatchObject({ ...REFUSED, used_amount: 100 })
    await end(other)
    expect(await (await free(who.user)).consume(1)).toMatchObject(REFUSED)
  })

  test('is not given again by a trial that is canceled', async () => {
    const who = await free()
    await who.consume(100)
    await end(await subscribe(world, TRIAL_PLAN, { user: who.user }))
    expect(await (await free(who.user)).consume(1)).toMatchObject(REFUSED)
  })

  test('is not given again by a downgrade to free', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(5_000)
    await who.ask('PUT', '/plan', { plan_id: 'plan_free', when: 'now' }, { operator: true })
    expect(await who.consume(1)).toMatchObject(REFUSED)
    await end(who)
    expect(await (await free(who.user)).consume(1)).toMatchObject(REFUSED)
  })

  test('lasts a whole window each time, whenever the subscription begins again', async () => {
    const who = await free()
    const { window } = await who.usage()
    await later(20)
    await end(who)
    const again = await free(who.user)
    await again.consume(100)
    await world.advanceTo(new Date(Date.parse(window.end) + 1_000))
    expect(await again.consume(100)).toMatchObject({ outcome: 'allowed' })
    const next = (await again.usage()).window
    expect(next.start).toBe(window.end)
    expect(Date.parse(next.end) - Date.parse(next.start)).toBeGreaterThanOrEqual(28 * DAY_MS)
    await later(20)
    expect(await again.consume(1)).toMatchObject(REFUSED)
  })

  test('keeps reservations, grants and held seats', async () => {
    const who = await free()
    const seats = { feature: 'seats', amount: 1 }
    await post('/usage/consume', who.user, seats)
    const held = { feature: 'messages_sent', amount: 60, expires_in: 3_600 }
    const { body: reservation } = await post('/usage/reservations', who.user, held)
    await end(who)
    const again = await free(who.user)
    expect(await again.consume(41)).toMatchObject(REFUSED)
    expect(await again.usage('seats')).toMatchObject({ used_amount: 1 })
    const path = `/usage/reservations/${reservation.reservation.id}`
    expect(
      (await world.call('PUT', path, { user: who.user, body: { amount: 50 } })).body,
    ).toMatchObject({ outcome: 'allowed', used_amount: 50 })
  })
})

test('a new purchase counts from its first paid period', async () => {
  const who = await free()
  await who.consume(100)
  await end(who)
  const paid = await subscribe(world, 'plan_pro_monthly', { user: who.user })
  const { period } = await paid.read()
  expect(await paid.usage()).toMatchObject({
    used_amount: 0,
    quota_limit: 10_000,
    window: { end: period.end },
  })
  await paid.consume(10_000)
  await end(paid)
  const again = await subscribe(world, 'plan_pro_monthly', { user: who.user })
  expect(await again.consume(10_000)).toMatchObject({ outcome: 'allowed' })
})

describe('a repeated usage key answers what the first answered', () => {
  const once = async (who: Customer, amount = 40) => {
    const key = randomUUID()
    const body = { feature: 'messages_sent', amount }
    const ask = async () => (await post('/usage/consume', who.user, body, key)).body
    return { ask, first: await ask() }
  }

  test('after the subscription was replaced', async () => {
    const who = await free()
    const { ask, first } = await once(who)
    await end(who)
    expect(await ask()).toEqual(first)
    const again = await free(who.user)
    expect(await ask()).toEqual(first)
    expect(await again.usage()).toMatchObject({ used_amount: 40 })
  })

  test('after it was paused, with or without a grant', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const plain = await once(who)
    await world.call('POST', '/admin/grants', {
      headers: { authorization: 'Bearer bk_dev_operator' },
      body: { user_id: who.user, feature: 'messages_sent', amount: 5, reason: 'test' },
    })
    const extra = await once(who)
    await who.ask('PUT', '/pause', {})
    expect(await plain.ask()).toEqual(plain.first)
    expect(await extra.ask()).toEqual(extra.first)
  })

  test('after the plan changed: with the limit of then', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { ask, first } = await once(who)
    expect(first).toMatchObject({ quota_limit: 10_000 })
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(await ask()).toEqual(first)
    const unlimited = await once(who)
    expect(await unlimited.ask()).toEqual(unlimited.first)
  })
})
