import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyCatalogue, planCatalogue } from '../../../adapters/catalogue/apply.ts'
import { readCatalogueFile } from '../../../adapters/catalogue/file.ts'
import { unnamedPlans } from '../../../domain/catalogue/difference.ts'
import { createDatabase, type TestDatabase } from '../../support/database.ts'
import { getPlan, storeActive } from '../../support/rows.ts'
import { wantedCatalogue } from '../../support/wanted-catalogue.ts'

const ROOT = join(import.meta.dirname, '../../..')
const ACT = { at: new Date('2026-01-02T00:00:00Z'), by: 'test' }

let database: TestDatabase
let directory: string
beforeAll(async () => {
  database = await createDatabase()
  directory = await mkdtemp(join(tmpdir(), 'perennial-catalogue-'))
})
afterAll(async () => {
  await database.close()
  await rm(directory, { recursive: true })
})

const seed = () => readFile(join(ROOT, 'catalogue.yaml'), 'utf8')
const changed = async () =>
  (await seed())
    .replace('quota_limit: 100 }', 'quota_limit: 150, overage: allow, rollover_max: 20 }')
    .replace('name: Starter', 'name: Starter plus')
    .replace('unit: minute }', 'unit: minute, meter_event_name: minutes }')

describe('a catalogue as a file', () => {
  test('shows no change for the seeded catalogue', async () => {
    expect(
      await planCatalogue(database.repositories.catalogue, wantedCatalogue(await seed())),
    ).toEqual([])
  })

  test('is compared, applied, and changes nothing when applied again', async () => {
    const { catalogue, plans } = database.repositories
    const file = wantedCatalogue(await changed())
    const version1 = await getPlan(database.repositories, 'plan_free')
    await storeActive(database.repositories, { plan: version1, at: ACT.at })
    const shown = await planCatalogue(catalogue, file)
    expect(shown.map(({ lines }) => lines)).toEqual([
      ['~ feature ai_minutes', '    meter_event_name: null → minutes'],
      [
        '+ version 2 of plan_free, on sale at once',
        '    ~ messages_sent: 100, reset period → 150, reset period, overage allow, rolls over up to 20',
        '    1 subscription keeps version 1',
      ],
      ['~ plan plan_starter', '    name: Starter → Starter plus'],
    ])
    expect(await plans.findActive('plan_free')).toEqual(version1)
    expect(await applyCatalogue(catalogue, file, ACT)).toEqual(shown)
    expect(await plans.findActive('plan_free')).toMatchObject({ version: 2 })
    const changes = await catalogue.listChanges(100)
    expect(await applyCatalogue(catalogue, file, ACT)).toEqual([])
    expect(await catalogue.listChanges(100)).toEqual(changes)
  })

  test('is applied once by ten processes at once', async () => {
    const { catalogue } = database.repositories
    const file = wantedCatalogue(
      (await changed()).replace('amount_minor: 50000', 'amount_minor: 60000'),
    )
    const done = await Promise.all(
      Array.from({ length: 10 }, () => applyCatalogue(catalogue, file, ACT)),
    )
    expect(done.filter((steps) => steps.length > 0)).toHaveLength(1)
    expect((await catalogue.findPlan('plan_enterprise'))?.versions).toHaveLength(2)
  })

  test('sells a version per currency, and adds versions only where terms differ', async () => {
    const { catalogue, plans } = database.repositories
    const text = (eur: number) => `plans:
  plan_many:
    name: Many
    rank: 3
    period: monthly
    price: { amount_minor: 1000, currency: usd }
    other_prices: [{ amount_minor: ${eur}, currency: eur }]
    features: { messages_sent: { quota_limit: 5 } }`
    const known = await catalogue.listFeatures()
    const fileOf = (eur: number) => {
      const outcome = readCatalogueFile(text(eur), known)
      if (outcome.kind === 'wrong') throw new Error(JSON.stringify(outcome.problems))
      return outcome.file
    }
    await applyCatalogue(catalogue, fileOf(900), ACT)
    expect(await applyCatalogue(catalogue, fileOf(900), ACT)).toEqual([])
    const [step, ...others] = await applyCatalogue(catalogue, fileOf(950), ACT)
    expect(others).toEqual([])
    expect(step?.lines).toContain('    price.amount_minor: 900 → 950')
    expect(await plans.findActive('plan_many')).toMatchObject({ version: 1 })
    expect(await plans.findActive('plan_many', 'eur')).toMatchObject({ version: 3 })
    expect(
      readCatalogueFile(text(1).replace('currency: eur', 'currency: usd'), known),
    ).toMatchObject({
      problems: [{ field: 'plans.plan_many.other_prices.0.currency', line: 7 }],
    })
  })

  test('sells periods of any length, and the same length in another form is no change', async () => {
    const { catalogue, plans } = database.repositories
    const text = (period: string) => `plans:
  plan_lengths: { name: Lengths, rank: 3, price: { amount_minor: 1000, currency: usd },
    features: { messages_sent: {} },
    period: ${period} }`
    const known = await catalogue.listFeatures()
    const readPeriod = (period: string) => readCatalogueFile(text(period), known)
    const fileOf = (period: string) => {
      const outcome = readPeriod(period)
      if (outcome.kind === 'wrong') throw new Error(JSON.stringify(outcome.problems))
      return outcome.file
    }
    await applyCatalogue(catalogue, fileOf('{ every: 12, unit: month }'), ACT)
    expect(await plans.findActive('plan_lengths')).toMatchObject({ period: 'yearly' })
    expect(await planCatalogue(catalogue, fileOf('yearly'))).toEqual([])
    const [step] = await applyCatalogue(catalogue, fileOf('{ every: 3, unit: month }'), ACT)
    expect(step?.lines).toContain('    period: yearly → 3 months')
    expect(await plans.findActive('plan_lengths')).toMatchObject({ version: 2, period: '3 months' })
    for (const wrong of [
      'quarterly',
      '{ every: 37, unit: month }',
      '{ every: 4, unit: year }',
      '{ every: 157, unit: week }',
      '{ every: 1096, unit: day }',
      '{ every: 0, unit: day }',
      '{ every: 1.5, unit: month }',
      '{ every: 3 }',
      '{ every: 3, unit: hour }',
    ])
      expect([wrong, readPeriod(wrong)]).toMatchObject([
        wrong,
        {
          problems: [
            {
              line: 4,
              field: 'plans.plan_lengths.period',
              detail: expect.stringContaining('at most 1095 days, 156 weeks, 36 months or 3 years'),
            },
          ],
        },
      ])
  })

  test('is applied completely or not at all', async () => {
    const { catalogue } = database.repositories
    const text = `features:\n  storage: { name: Storage, type: metered }\n  seats: { name: Seats, type: metered }\n`
    await expect(applyCatalogue(catalogue, wantedCatalogue(text), ACT)).rejects.toThrow(
      /seats.*allocated/,
    )
    expect((await catalogue.listFeatures()).map(({ code }) => code)).not.toContain('storage')
  })

  test('leaves unnamed plans unchanged, and lists them', async () => {
    const { catalogue } = database.repositories
    const file = wantedCatalogue('plans: {}')
    expect(await planCatalogue(catalogue, file)).toEqual([])
    const plans = await catalogue.listPlans()
    expect(unnamedPlans(file, plans)).toContain('plan_free')
  })

  test('retires and deletes what it does not name, if it prunes, and keeps what is in use', async () => {
    const { catalogue, plans } = database.repositories
    /** A file that names everything there is but the plans of this test, and so prunes only these. */
    const others = {
      prunes: true,
      features: await catalogue.listFeatures(),
      plans: (await catalogue.listPlans()).map(({ versions, ...plan }) => ({
        plan,
        terms: versions.filter(({ active, customFor }) => active && customFor === null),
      })),
    }
    const text = `features: { pruned: { name: Pruned, type: metered }, given: { name: Given, type: boolean },
  held: { name: Held, type: metered } }
plans:
  plan_pruned: { name: Pruned, rank: 3, period: monthly, price: { amount_minor: 0, currency: usd }, features: { held: {} } }
  plan_pruned_partly: { name: Partly, rank: 3, period: monthly, price: { amount_minor: 1000, currency: usd },
    other_prices: [{ amount_minor: 900, currency: eur }], features: { held: {} } }`
    await applyCatalogue(catalogue, wantedCatalogue(text), ACT)
    const version = await getPlan(database.repositories, 'plan_pruned')
    await storeActive(database.repositories, { plan: version, at: ACT.at })
    await database.pool.query(
      `insert into usage_overrides (user_id, feature_id, is_enabled, reason, created_at)
       select c.user_id, f.id, true, 'test', now() from features f, (select user_id from customers limit 1) c where f.code = 'given'`,
    )
    const partly = wantedCatalogue(text).plans.filter(
      ({ plan }) => plan.slug === 'plan_pruned_partly',
    )
    const wanted = {
      ...others,
      plans: [
        ...others.plans,
        ...partly.map((each) => ({ ...each, terms: each.terms.slice(0, 1) })),
      ],
    }
    const steps = (await planCatalogue(catalogue, wanted)).filter(
      ({ kind }) => kind === 'retirement' || kind === 'deletion',
    )
    expect(steps.map(({ lines }) => lines)).toEqual([
      [
        '- version 1 of plan_pruned (usd) is retired for good',
        '    1 subscription keeps version 1',
      ],
      [
        '- version 2 of plan_pruned_partly (eur) is retired for good',
        '    no subscription has version 2',
      ],
      ['- feature pruned'],
    ])
    expect(
      (await planCatalogue(catalogue, { ...wanted, prunes: false })).map(({ kind }) => kind),
    ).not.toContain('retirement')
    await applyCatalogue(catalogue, wanted, ACT)
    expect(await plans.findActive('plan_pruned')).toBeUndefined()
    expect(await plans.getVersion(version.id)).toMatchObject({ slug: 'plan_pruned' })
    expect(await plans.findActive('plan_pruned_partly', 'eur')).toMatchObject({
      price: { currency: 'usd' },
    })
    const codes = (await catalogue.listFeatures()).map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['held', 'given']))
    expect(codes).not.toContain('pruned')
    expect(await catalogue.deleteFeature('given', ACT)).toMatchObject({ because: 'feature_in_use' })
    expect(await applyCatalogue(catalogue, wanted, ACT)).toEqual([])
  })

  test.each([
    ['plans:\n  - a', [{ line: 2, field: 'plans' }]],
    ['plans:\n  Bad Slug: {}', [{ line: 2, field: 'plans.Bad Slug' }]],
    ['features:\n  a: { name: A, type: metred }', [{ line: 2, field: 'features.a.type' }]],
    ['features:\n\ta: {}', [{ line: 2, field: 'the file' }]],
    ['features: {}\nfeatures: {}', [{ line: 2, field: 'the file' }]],
    ['prices: {}', [{ line: null, field: 'the file' }]],
    [
      `plans:
  plan_a:
    name: A
    rank: 1
    period: monthly
    price: { amount_minor: 0, currency: usx }
    trial_days: 3
    features:
      nothing: {}`,
      [
        { line: 9, field: 'plans.plan_a.features.nothing' },
        { line: 3, field: 'plans.plan_a.currency' },
        { line: 7, field: 'plans.plan_a.trial_days' },
      ],
    ],
  ])('reports line and field of each problem: %j', (text, problems) => {
    expect(readCatalogueFile(text, [])).toMatchObject({ kind: 'wrong', problems })
  })
})

describe('the command', () => {
  const run = async (...given: string[]) => {
    const program = ['--import', 'tsx', 'cli/main.ts', 'catalogue', ...given]
    const env = { ...process.env, DATABASE_URL: database.url }
    return promisify(execFile)(process.execPath, program, { cwd: ROOT, env })
  }

  test('compares, applies, and then finds no change', async () => {
    const path = join(directory, 'plans.yaml')
    await writeFile(path, (await changed()).replace('name: Pro\n', 'name: Professional\n'))
    expect((await run('plan', path)).stdout).toMatch(/name: Pro → Professional[^]*Nothing was done/)
    expect((await run('apply', path)).stdout).toContain('made.')
    expect((await run('apply', path)).stdout).toContain('The catalogue equals the file.')
  })

  test('reports problems of a file and exits with 1', async () => {
    const path = join(directory, 'wrong.yaml')
    await writeFile(path, 'plans:\n  plan_a: { name: A }\n')
    await expect(run('apply', path)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('wrong.yaml:2: plans.plan_a.rank'),
    })
  })
})
