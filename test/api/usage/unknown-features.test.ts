import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

describe('a feature that does not exist', () => {
  test.each([
    ['/usage/consume', {}],
    ['/usage/release', {}],
    ['/usage/check', {}],
    ['/usage/reservations', { amount: 1 }],
  ])('is 404 at %s, and the nearest name is given', async (path, given) => {
    const { userId: user } = await storeActive(world.database.repositories, {
      at: world.clock.now(),
    })
    const body = { feature: 'mesages_sent', ...given }
    const { status, body: answer } = await world.call('POST', path, { user, body })
    expect([status, answer.code]).toEqual([404, 'feature_not_found'])
    expect(answer.detail).toContain('Did you mean `messages_sent`?')
    const far = await world.call('POST', path, { user, body: { ...body, feature: 'zebra' } })
    expect([far.status, far.body.detail]).toEqual([404, expect.not.stringContaining('mean')])
  })
})
