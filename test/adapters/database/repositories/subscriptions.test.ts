import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Letter } from '../../../../domain/customer/letter.ts'
import { factsOf } from '../../../../domain/subscription/timeline.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive, storeSubscription } from '../../../support/rows.ts'
import { withFacts } from '../../../support/builders.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const letterWith = (key: string): Letter => ({
  key,
  kind: 'subscription_confirmed',
  content: {
    planName: 'Pro',
    amountMinor: 2_000,
    currency: 'usd',
    periodEnd: null,
    trialEnd: null,
    nextAttempt: null,
    payUrl: null,
  },
})

describe('one live subscription per user and product line', () => {
  test('holds against ten concurrent checkouts', async () => {
    const { repositories } = database
    const first = await storeSubscription(repositories, { user: 'grace', at })
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        repositories.subscriptions.create({
          ...first,
          id: `00000000-0000-4000-8000-00000000000${index}` as typeof first.id,
        }),
      ),
    )
    expect(others).toEqual(Array.from({ length: 10 }, () => ({ kind: 'taken', by: first.id })))
  })

  test('allows a new one after the last has ended, and keeps both', async () => {
    const { repositories } = database
    const first = await storeActive(repositories, { user: 'linus', at })
    const over = withFacts(first, { status: 'canceled', endedAt: at, accessUntil: at })
    await repositories.subscriptions.save(aWrite(first, { after: over }))
    const second = await storeSubscription(repositories, {
      user: 'linus',
      at: new Date(at.getTime() + 1),
    })
    const all = await repositories.subscriptions.listOfUser('linus', 10)
    expect(all.map((each) => each.id)).toEqual([second.id, first.id])
  })

  test('creating it twice creates it once', async () => {
    const first = await storeSubscription(database.repositories, { at })
    const again = await database.repositories.subscriptions.create(first)
    expect(again).toEqual({ kind: 'repeated', subscription: first })
  })
})

describe('a write', () => {
  test('is read as it was written', async () => {
    const stored = await storeActive(database.repositories, { at })
    expect(await database.repositories.subscriptions.find(stored.id)).toEqual(stored)
  })

  test('that was superseded writes nothing', async () => {
    const { repositories, pool } = database
    const before = await storeActive(repositories, { at })
    const change = { kind: 'renewed' as const, before: null, after: {} as never }
    const write = (key: string) =>
      repositories.subscriptions.save(
        aWrite(before, { changes: [change], letters: [letterWith(key)] }),
      )
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => write(`race/${before.id}/${index}`)),
    )
    expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'superseded')).toHaveLength(7)
    const { rows } = await pool.query('select key from notices where subscription_id = $1', [
      before.id,
    ])
    expect(rows).toHaveLength(1)
    expect(await repositories.subscriptions.timeline(before.id, 10)).toHaveLength(1)
  })

  test('with a letter that exists already does not send it again', async () => {
    const { repositories, pool } = database
    const before = await storeActive(repositories, { at })
    const letter = letterWith(`notice/${before.id}/confirmed`)
    await repositories.subscriptions.save(aWrite(before, { letters: [letter] }))
    const next = { ...before, observedSeq: before.observedSeq + 1 }
    expect(await repositories.subscriptions.save(aWrite(next, { letters: [letter] }))).toBe('saved')
    const { rows } = await pool.query('select key from notices where subscription_id = $1', [
      before.id,
    ])
    expect(rows).toHaveLength(1)
  })

  test('that violates an invariant is refused by the database too', async () => {
    const before = await storeActive(database.repositories, { at })
    const impossible = withFacts(before, { status: 'past_due', pastDueSince: null })
    await expect(
      database.repositories.subscriptions.save(aWrite(before, { after: impossible })),
    ).rejects.toMatchObject({ constraint: 'past_due_has_a_beginning' })
  })
})

describe('a decision', () => {
  const decision = {
    rule: 'renewal',
    build: 'b1',
    body: { facts: { at: '@2031-01-01T00:00:00.000Z' }, outcome: { set: {} } },
  } as const

  test('is stored with the step that it decided, and found by each of its entries', async () => {
    const { repositories } = database
    const before = await storeActive(repositories, { at })
    const facts = factsOf(before)
    const entry = { kind: 'renewed', before: facts, after: facts } as const
    const write = aWrite(before, { changes: [entry, entry], decision })
    expect(await repositories.subscriptions.save(write)).toBe('saved')
    // A second attempt writes neither entries nor a decision.
    expect(await repositories.subscriptions.save(write)).toBe('superseded')
    const stored = { rule: 'renewal', build: 'b1', seq: before.observedSeq + 1 }
    for (const { seq } of (await repositories.subscriptions.timeline(before.id, 10)).slice(-2))
      expect(await repositories.decisions.find(before.id, seq)).toMatchObject({
        ...stored,
        record: { facts: { at: new Date('2031-01-01T00:00:00Z') } },
      })
    expect(await repositories.decisions.find(before.id, 99)).toBeUndefined()
    const since = write.at
    const all = await repositories.decisions.list({ since, after: undefined, limit: 100 })
    const own = all.filter(({ subscriptionId }) => subscriptionId === before.id)
    expect(own).toMatchObject([stored])
    const later = await repositories.decisions.list({ since, after: all.at(-1), limit: 100 })
    expect(later).toEqual([])
  })
})
