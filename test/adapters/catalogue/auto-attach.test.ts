import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyCatalogue, planCatalogue } from '../../../adapters/catalogue/apply.ts'
import { readCatalogueFile } from '../../../adapters/catalogue/file.ts'
import { createDatabase, type TestDatabase } from '../../support/database.ts'
import { until } from '../../support/until.ts'
import { wantedCatalogue } from '../../support/wanted-catalogue.ts'

const ACT = { at: new Date('2026-01-02T00:00:00Z'), by: 'test' }

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

describe('a plan that begins by itself, in a file', () => {
  const plan = (slug: string, fields: string) => `
  ${slug}: { name: One, rank: 1, product_line: own, period: monthly, ${fields}, features: { own_messages: {} } }`
  const FEATURE = 'features: { own_messages: { name: Messages, type: metered } }'
  const file = (...plans: string[]) => `${FEATURE}\nplans:${plans.join('')}\n`
  const FREE = 'price: { amount_minor: 0, currency: usd }'
  const BY_ITSELF = `${FREE}, auto_attach: true`

  test.each([
    [
      'with a price',
      file(plan('one', 'price: { amount_minor: 5, currency: usd }, auto_attach: true')),
    ],
    [
      'with a price in another currency',
      file(plan('one', `${BY_ITSELF}, other_prices: [{ amount_minor: 5, currency: eur }]`)),
    ],
    ['as an add-on', file(plan('one', `${BY_ITSELF}, kind: addon`))],
    ['beside another of its product line', file(plan('one', BY_ITSELF), plan('two', BY_ITSELF))],
  ])('is refused %s', (_, text) => {
    const outcome = readCatalogueFile(text, [])
    const problems = outcome.kind === 'wrong' ? outcome.problems : []
    expect(problems.map(({ field }) => field)).toContain('plans.one.auto_attach')
  })

  test('passes the flag on, and may have had a price before', async () => {
    const { catalogue, plans } = database.repositories
    const paid = 'price: { amount_minor: 5, currency: usd }'
    const versions = [
      file(plan('one', BY_ITSELF), plan('two', paid)),
      file(plan('one', FREE), plan('two', BY_ITSELF)),
      file(plan('one', FREE), plan('two', paid)),
    ]
    for (const text of versions) {
      await applyCatalogue(catalogue, wantedCatalogue(text), ACT)
      expect(await planCatalogue(catalogue, wantedCatalogue(text))).toEqual([])
    }
    expect(await plans.listAutoAttached()).toEqual([])
    const lines = (await planCatalogue(catalogue, wantedCatalogue(versions[0] ?? ''))).map(
      (step) => step.lines,
    )
    expect(lines).toContainEqual(['~ plan one', '    auto_attach: false → true'])
  })

  test('passes the flag on to a plan in the place of one that is pruned', async () => {
    const { catalogue, plans } = database.repositories
    await applyCatalogue(catalogue, wantedCatalogue(file(plan('one', BY_ITSELF))), ACT)
    const pruned = { ...wantedCatalogue(file(plan('three', BY_ITSELF))), prunes: true }
    await applyCatalogue(catalogue, pruned, ACT)
    expect(await planCatalogue(catalogue, pruned)).toEqual([])
    await until('the list that is kept for a second is read again', async () => {
      const attached = await plans.listAutoAttached()
      return attached.map(({ slug }) => slug).join() === 'three'
    })
  })

  test('may have had prices in two currencies, of which it keeps one', async () => {
    const { catalogue } = database.repositories
    const paid = `price: { amount_minor: 5, currency: usd }, other_prices: [{ amount_minor: 5, currency: eur }]`
    await applyCatalogue(catalogue, wantedCatalogue(file(plan('four', paid))), ACT)
    const free = { ...wantedCatalogue(file(plan('four', BY_ITSELF))), prunes: true }
    await applyCatalogue(catalogue, free, ACT)
    expect(await planCatalogue(catalogue, free)).toEqual([])
  })
})
