import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyCatalogue, planCatalogue } from '../../../adapters/catalogue/apply.ts'
import { readCatalogueFile } from '../../../adapters/catalogue/file.ts'
import { createDatabase, type TestDatabase } from '../../support/database.ts'
import { wantedCatalogue } from '../../support/wanted-catalogue.ts'

const ACT = { at: new Date('2026-01-02T00:00:00Z'), by: 'test' }

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

describe('a catalogue as a file', () => {
  const BILLED = 'bill'
  const priced = (usage: string, euros = '') => `plans:
  plan_api:
    name: API
    rank: 40
    period: monthly
    price: { amount_minor: 2000, currency: usd }
    usage_prices:
      messages_sent: ${usage}
    other_prices: [{ amount_minor: 1900, currency: eur${euros} }]
    features: { messages_sent: { quota_limit: 10, overage: ${BILLED} } }
features: { messages_sent: { name: Messages sent, type: metered, unit: message } }
`

  test('prices usage in each currency, and is the same when applied again', async () => {
    const { catalogue, plans } = database.repositories
    const tiers =
      '[{ up_to: 9, unit_amount_decimal: "0.50" }, { unit_amount_decimal: "2", flat_amount_minor: 5 }]'
    const file = wantedCatalogue(
      priced(
        `{ model: graduated, tiers: ${tiers} }`,
        ', usage_prices: { messages_sent: { model: package, unit_amount_decimal: "99", package_size: 7 } }',
      ),
    )
    const [, , dollars] = await planCatalogue(catalogue, file)
    expect((await planCatalogue(catalogue, file)).flatMap(({ lines }) => lines)).toContainEqual(
      expect.stringContaining('charged by graduated tiers: up to 9 0.5 · then 2 + 5'),
    )
    expect(dollars).toMatchObject({ kind: 'version', slug: 'plan_api' })
    await applyCatalogue(catalogue, file, ACT)
    expect(await planCatalogue(catalogue, file)).toEqual([])
    const euros = await plans.findActive('plan_api', 'eur')
    expect(euros?.features[0]?.usagePrice).toEqual({
      model: 'package',
      unitAmount: '99',
      packageSize: 7,
      round: 'up',
    })
  })

  test.each([
    ['{ model: per_unit }', '', 'plans.plan_api.usage_prices.messages_sent.unit_amount_decimal'],
    [
      '{ model: volume, tiers: [{ up_to: 5, unit_amount_decimal: "1" }] }',
      '',
      'plans.plan_api.usage_prices.messages_sent.tiers.0.up_to',
    ],
    [
      '{ model: per_unit, unit_amount_decimal: "1" }',
      ', usage_prices: { seats: { model: per_unit, unit_amount_decimal: "1" } }',
      'plans.plan_api.other_prices.0.usage_prices.seats',
    ],
  ])('names the field of the usage price %s%s', (usage, euros, field) => {
    const outcome = readCatalogueFile(priced(usage, euros), [])
    expect(outcome).toMatchObject({ kind: 'wrong', problems: [{ field }] })
  })
})
