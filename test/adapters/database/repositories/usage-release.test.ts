import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import type { ConsumeRequest } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive } from '../../../support/rows.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const ask = (userId: string, amount: number, given: Partial<ConsumeRequest> = {}, when = at) =>
  database.repositories.usage
    .consume([{ userId, feature: 'seats', key: randomUUID(), amount, ...given }], when)
    .then(([outcome]) => outcome!)

describe('a release', () => {
  test('frees a seat for the next user', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const later = new Date('2031-01-01T00:00:00Z')
    await ask(userId, 1)
    expect(await ask(userId, 1, {}, later)).toMatchObject({ reason: 'quota_exceeded' })
    expect(await ask(userId, -1, {}, later)).toMatchObject({
      kind: 'allowed',
      counter: { usedAmount: 0, remaining: 1 },
    })
    expect(await ask(userId, 1, {}, later)).toMatchObject({ kind: 'allowed' })
  })

  test('more than was used is refused as a whole', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    expect(await ask(userId, -1)).toMatchObject({ kind: 'refused', reason: 'more_than_used' })
    await ask(userId, 1)
    expect(await ask(userId, -2)).toMatchObject({
      reason: 'more_than_used',
      counter: { usedAmount: 1 },
    })
  })

  test('twice under one key counts once, and the key of the usage cannot give it back', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const messages = { feature: 'messages_sent' }
    await ask(userId, 10, { ...messages, key: 'take' })
    const first = await ask(userId, -4, { ...messages, key: 'give' })
    expect(await ask(userId, -4, { ...messages, key: 'give' })).toEqual({
      ...first,
      repeated: true,
    })
    expect(first).toMatchObject({ counter: { usedAmount: 6, remaining: 94 } })
    expect(await ask(userId, -10, { ...messages, key: 'take' })).toEqual({ kind: 'key_reused' })
  })

  test('concurrently ends at zero, never below', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    await ask(userId, 30, { feature: 'messages_sent' })
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => ask(userId, -1, { feature: 'messages_sent' })),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'allowed')).toHaveLength(30)
  })

  test('and consuming in one batch are decided in the given order', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const request = (amount: number) => ({ userId, feature: 'seats', key: randomUUID(), amount })
    const outcomes = await database.repositories.usage.consume(
      [request(-1), request(1), request(1), request(-1), request(1)],
      at,
    )
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'refused',
      'allowed',
      'refused',
      'allowed',
      'allowed',
    ])
  })

  test('needs no access: a user without access can still free a seat', async () => {
    const before = await storeActive(database.repositories, { at })
    await ask(before.userId, 1)
    await database.repositories.subscriptions.save(
      aWrite(before, { after: { ...before, accessUntil: at } }),
    )
    expect(await ask(before.userId, 1)).toMatchObject({ reason: 'no_access' })
    expect(await ask(before.userId, -1)).toMatchObject({ kind: 'allowed' })
  })
})

test('every counter is the sum of its ledger after all of this', async () => {
  expect(await audit(database.url)).toEqual([])
})
