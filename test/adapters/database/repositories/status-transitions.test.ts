import { afterAll, beforeAll, expect, test } from 'vitest'
import { TRANSITIONS } from '../../../../domain/subscription/commands.ts'
import { STATUSES } from '../../../../domain/subscription/subscription.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive } from '../../../support/rows.ts'
import { withFacts } from '../../../support/builders.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

test('the database allows the same status transitions as the domain', async () => {
  const { rows } = await database.pool.query<{ before: string; after: string }>(
    'select before, after from status_transitions',
  )
  const allowed = STATUSES.flatMap((before) =>
    TRANSITIONS[before].filter((after) => after !== before).map((after) => `${before} ${after}`),
  )
  expect(rows.map(({ before, after }) => `${before} ${after}`).toSorted()).toEqual(
    allowed.toSorted(),
  )
})

test('no status follows an end, even by SQL', async () => {
  const repositories = database.repositories
  const at = new Date('2026-01-31T10:00:00Z')
  const before = await storeActive(repositories, { at })
  const over = withFacts(before, { status: 'canceled', endedAt: at })
  await repositories.subscriptions.save(aWrite(before, { after: over }))
  await expect(
    repositories.subscriptions.save(
      aWrite(withFacts(over, { observedSeq: 2 }), { after: { ...before, observedSeq: 2 } }),
    ),
  ).rejects.toThrow('a subscription that is canceled cannot become active')
})
