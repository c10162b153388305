import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const at = new Date('2026-03-01T00:00:00.000Z')
/** Counts one event at each instant. */
async function aUser(events: readonly (readonly [instant: string, amount: number])[]) {
  const { userId } = await storeActive(world.database.repositories, { at })
  for (const [instant, amount] of events)
    await world.database.repositories.usage.consume(
      [{ userId, feature: 'messages_sent', key: instant, amount }],
      new Date(instant),
    )
  return userId
}
const ask = (user: string, query: Record<string, string>) =>
  world.call('GET', `/usage/history?${new URLSearchParams(query).toString()}`, { user })
const amounts = (body: { readonly buckets: { readonly used_amount: number }[] }) =>
  body.buckets.map((each) => each.used_amount)

describe('GET /usage/history', () => {
  test('200 with whole buckets, including empty ones, without released usage', async () => {
    const user = await aUser([
      ['2026-03-27T23:59:59.999Z', 1],
      ['2026-03-28T00:00:00.000Z', 2],
      ['2026-03-28T22:30:00.000Z', 4],
      ['2026-03-28T23:30:00.000Z', -1],
      ['2026-03-30T12:00:00.000Z', 8],
    ])
    const days = {
      feature: 'messages_sent',
      from: '2026-03-28T00:00:00Z',
      to: '2026-03-31T00:00:00Z',
    }
    const { status, body } = await ask(user, days)
    expect(status).toBe(200)
    expect(body.buckets[0]).toEqual({
      start: '2026-03-28T00:00:00.000Z',
      end: '2026-03-29T00:00:00.000Z',
      used_amount: 5,
      overage_amount: 0,
      events: 3,
    })
    expect(amounts(body)).toEqual([5, 0, 8])
    // In Berlin the 29th has 23 hours and begins at 23:00 UTC.
    const berlin = await ask(user, {
      ...days,
      from: '2026-03-27T23:00:00Z',
      to: '2026-03-30T22:00:00Z',
      time_zone: 'Europe/Berlin',
    })
    expect(amounts(berlin.body)).toEqual([7, -1, 8])
    const { body: hours } = await ask(user, { ...days, bucket: 'hour' })
    expect(hours.buckets).toHaveLength(72)
    const { body: months } = await ask(user, { ...days, bucket: 'month' })
    expect(amounts(months)).toEqual([14])
  })

  test.each([
    ['to', { from: '2026-03-02T00:00:00Z', to: '2026-03-02T00:00:00Z' }],
    ['bucket', { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z', bucket: 'hour' }],
    ['from', { from: 'yesterday', to: '2026-03-02T00:00:00Z' }],
    ['time_zone', { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', time_zone: 'Mars' }],
    ['feature', { feature: '', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }],
  ])('422 names `%s`', async (field, query) => {
    const reply = await ask('ada', { feature: 'messages_sent', ...query })
    expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
    expect(reply.body.errors[0].field).toBe(field)
  })
})

describe('/usage/reservations', () => {
  const aNewUser = async () =>
    (await storeActive(world.database.repositories, { at: world.clock.now() })).userId
  const reserve = (user: string, body: object, key?: string) =>
    world.call('POST', '/usage/reservations', { user, body, ...(key && { key }) })

  test('422 for an event with the reserved key of a settlement, and the reservation can be settled', async () => {
    const user = await aNewUser()
    const { body } = await reserve(user, { feature: 'messages_sent', amount: 3 })
    const { id } = body.reservation
    const taken = { user, key: `reservation/${id}`, body: { feature: 'messages_sent' } }
    expect(await world.call('POST', '/usage/consume', taken)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    })
    const events = [{ feature: 'messages_sent', idempotency_key: `reservation/${id}` }]
    const batch = await world.call('POST', '/usage/batch', { user, body: { events } })
    expect(batch.status).toBe(422)
    const settled = await world.call('PUT', `/usage/reservations/${id}`, {
      user,
      body: { amount: 2 },
    })
    expect(settled).toMatchObject({ status: 200, body: { used_amount: 2 } })
  })

  test('200 held, shown in GET /usage, and settled once for less', async () => {
    const user = await aNewUser()
    const { status, body } = await reserve(user, { feature: 'messages_sent', amount: 30 }, 'mine')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      outcome: 'allowed',
      reservation: { state: 'held' },
      remaining: 70,
    })
    const again = await reserve(user, { feature: 'messages_sent', amount: 30 }, 'mine')
    expect(again.body).toEqual(body)
    const { body: usage } = await world.call('GET', '/usage', { user })
    expect(
      usage.features.find(({ code }: { code: string }) => code === 'messages_sent'),
    ).toMatchObject({
      used_amount: 0,
      held_amount: 30,
      remaining: 70,
    })
    const path = `/usage/reservations/${body.reservation.id}`
    const settled = await world.call('PUT', path, { user, body: { amount: 12 } })
    expect(settled.body).toMatchObject({
      reservation: { state: 'settled', settled_amount: 12 },
      used_amount: 12,
      remaining: 88,
    })
    expect(await world.call('DELETE', path, { user })).toMatchObject({
      status: 409,
      body: { code: 'reservation_closed' },
    })
  })

  test('200 refused, and 200 released', async () => {
    const user = await aNewUser()
    const refused = await reserve(user, { feature: 'messages_sent', amount: 101 })
    expect(refused.body).toMatchObject({ outcome: 'refused', reservation: null, remaining: 100 })
    const { body } = await reserve(user, { feature: 'messages_sent', amount: 100 })
    const path = `/usage/reservations/${body.reservation.id}`
    expect(await world.call('DELETE', path, { user })).toMatchObject({
      status: 200,
      body: { reservation: { state: 'released' }, remaining: 100 },
    })
  })

  test('409 after its expiry, 404 for another user, 422 for a key that was used otherwise', async () => {
    const user = await aNewUser()
    const body = { feature: 'messages_sent', amount: 1, expires_in: 1 }
    const { body: first } = await reserve(user, body, 'short')
    await world.database.pool.query(
      `update usage_reservations set expires_at = created_at where id = $1`,
      [first.reservation.id],
    )
    const path = `/usage/reservations/${first.reservation.id}`
    expect(await world.call('PUT', path, { user, body: { amount: 1 } })).toMatchObject({
      status: 409,
      body: { code: 'reservation_expired' },
    })
    expect(
      await world.call('PUT', path, { user: await aNewUser(), body: { amount: 1 } }),
    ).toMatchObject({ status: 404, body: { code: 'reservation_not_found' } })
    expect(await reserve(user, { ...body, amount: 2 }, 'short')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })
})
