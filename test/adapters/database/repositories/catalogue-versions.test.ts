import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  lengthOf,
  PERIOD_MAX,
  PERIOD_UNITS,
  periodOf,
  type Period,
} from '../../../../domain/catalogue/period.ts'
import { defaultTerms, type VersionTerms } from '../../../../domain/catalogue/terms.ts'
import { until as eventually } from '../../../support/until.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'
import type { PlanDefinition } from '../../../../domain/catalogue/catalogue.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const AT = new Date('2026-01-02T00:00:00Z')
const ACT = { at: AT, by: 'test' }
const terms = (given: Partial<VersionTerms> = {}): VersionTerms => ({
  period: 'monthly',
  priceMinor: 0,
  currency: 'usd',
  trialDays: 0,
  features: [{ ...defaultTerms('messages_sent', 'metered'), quotaLimit: 100 }],
  ...given,
})
const catalogue = () => database.repositories.catalogue

const definitionOf = (slug: string): PlanDefinition => ({
  slug,
  name: 'Test',
  productLine: 'main',
  rank: 3,
  kind: 'base',
  fits: null,
  autoAttach: false,
})

/** A new plan with one version on sale. */
async function aPlan() {
  const slug = `plan_${randomUUID().replaceAll('-', '_')}`
  await catalogue().putPlan(definitionOf(slug), ACT)
  await catalogue().createDraft(slug, terms(), ACT)
  await catalogue().publish({ slug, version: 1 }, true, ACT)
  return slug
}

/** Every period that Stripe allows, in each of its forms. */
const PERIODS = PERIOD_UNITS.flatMap((unit) =>
  Array.from({ length: PERIOD_MAX[unit] }, (_, index) => periodOf(index + 1, unit)),
)

describe('a billing period in SQL', () => {
  test('is stored whatever Stripe allows, and has the length that the domain gives it', async () => {
    const slug = await aPlan()
    const { rows } = await database.pool.query<{ period: Period; length: string }>(
      `insert into plan_versions (id, plan_id, version, period, created_at)
       select gen_random_uuid(), p.id, 1000 + t.n, t.period, now()
       from plans p, unnest($2::text[]) with ordinality as t(period, n) where p.slug = $1
       returning period, period_length(period) as length`,
      [slug, PERIODS],
    )
    expect(rows.length).toBe(PERIODS.length)
    expect(rows.filter(({ period, length }) => Number(length) !== lengthOf(period))).toEqual([])
    const of = { slug, version: 1_001 }
    expect(await catalogue().findVersion(of)).toMatchObject({ period: '1 day' })
  })

  test.each(['1 month', '3 month', '4 years', '37 months', '157 weeks', '1096 days', 'weekly'])(
    'is refused as %s',
    async (period) => {
      const slug = await aPlan()
      await expect(
        database.pool.query(
          `update plan_versions set period = $2 where plan_id = (select id from plans where slug = $1)`,
          [slug, period],
        ),
      ).rejects.toMatchObject({ code: '23514' })
    },
  )

  test('counts for monthly revenue by its share of a month', async () => {
    const { rows } = await database.pool.query<{ minor: number }>(
      `select list_monthly_minor(t.price, t.period, t.quantity)::int as minor
       from (values (3000, 'monthly', 2), (3000, '3 months', 1), (1000, 'yearly', 1), (1000, '2 years', 3),
         (700, '1 week', 1), (100, '1 day', 1), (50, '3 months', 1)) as t(price, period, quantity)`,
    )
    expect(rows.map(({ minor }) => minor)).toEqual([6_000, 1_000, 83, 125, 3_044, 3_044, 17])
  })
})

describe('a published version', () => {
  test('cannot be changed or deleted, by our code or by SQL', async () => {
    const slug = await aPlan()
    const of = { slug, version: 1 }
    const refused = { kind: 'refused', because: 'plan_version_published' }
    expect(await catalogue().saveDraft(of, terms({ trialDays: 3 }), ACT)).toMatchObject(refused)
    expect(await catalogue().deleteDraft(of, ACT)).toMatchObject(refused)
    const { id } = (await catalogue().findVersion(of))!
    for (const statement of [
      'delete from plan_versions where id = $1',
      'update plan_versions set trial_days = 3 where id = $1',
      `update plan_versions set custom_for = 'ada' where id = $1`,
      'update plan_versions set published_at = null where id = $1',
      'delete from plan_features where plan_version_id = $1',
      'update plan_features set overage = $$bill$$ where plan_version_id = $1',
    ])
      await expect(database.pool.query(statement, [id])).rejects.toMatchObject({ code: '23514' })
  })

  test('with customers is refused with their number and the way to migrate them', async () => {
    const slug = await aPlan()
    const plan = await database.repositories.plans.findActive(slug)
    await storeActive(database.repositories, { plan: plan!, at: AT })
    expect(await catalogue().deleteDraft({ slug, version: 1 }, ACT)).toMatchObject({
      because: 'plan_version_in_use',
      detail: expect.stringContaining('1 subscriptions'),
    })
    expect(await catalogue().findVersion({ slug, version: 1 })).toMatchObject({ subscribers: 1 })
  })

  test('that is retired is not on sale, is still found for its customers, and stays retired', async () => {
    const slug = await aPlan()
    const { id } = (await catalogue().findVersion({ slug, version: 1 }))!
    await catalogue().retire({ slug, version: 1 }, ACT)
    expect(await database.repositories.plans.findActive(slug)).toBeUndefined()
    expect(await database.repositories.plans.getVersion(id)).toMatchObject({ version: 1 })
    expect(await catalogue().putOnSale({ slug, version: 1 }, ACT)).toMatchObject({
      because: 'plan_version_retired',
    })
    await expect(
      database.pool.query('update plan_versions set retired_at = null where id = $1', [id]),
    ).rejects.toMatchObject({ code: '23514' })
  })
})

describe('one version of a plan is on sale', () => {
  test('however many are published at the same time, each with its own number', async () => {
    const slug = await aPlan()
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const own = terms({ priceMinor: 100 + index })
        const created = await catalogue().createDraft(slug, own, ACT)
        if (created.kind === 'saved') await catalogue().publish(created.saved, true, ACT)
      }),
    )
    const { versions } = (await catalogue().findPlan(slug))!
    expect(versions.map(({ version }) => version)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(versions.filter(({ active }) => active)).toHaveLength(1)
  })

  test('and an older one can be put on sale again', async () => {
    const slug = await aPlan()
    await catalogue().createDraft(slug, terms({ priceMinor: 500 }), ACT)
    await catalogue().publish({ slug, version: 2 }, true, ACT)
    expect(await database.repositories.plans.findActive(slug)).toMatchObject({ version: 2 })
    await catalogue().putOnSale({ slug, version: 1 }, ACT)
    expect(await database.repositories.plans.findActive(slug)).toMatchObject({ version: 1 })
  })
})

describe('a draft', () => {
  test('may lack fields that a published version needs, and publishing names each', async () => {
    const slug = await aPlan()
    const empty = { period: null, priceMinor: null, currency: null, features: [] }
    const created = await catalogue().createDraft(slug, terms(empty), ACT)
    expect(created).toMatchObject({ kind: 'saved', saved: { state: 'draft', version: 2 } })
    expect(await catalogue().publish({ slug, version: 2 }, true, ACT)).toMatchObject({
      because: 'plan_version_incomplete',
      errors: ['period', 'price.amount_minor', 'price.currency', 'features'].map((field) => ({
        field,
      })),
    })
    expect(await database.repositories.plans.findActive(slug)).toMatchObject({ version: 1 })
  })

  test('with an unknown or impossible feature is refused and leaves nothing behind', async () => {
    const slug = await aPlan()
    const features = [
      defaultTerms('no_such_feature', 'metered'),
      { ...defaultTerms('priority_support', 'boolean'), quotaLimit: 3 },
      { ...defaultTerms('seats', 'allocated'), reset: 'month' as const },
      { ...defaultTerms('ai_minutes', 'metered'), overage: 'bill' as const, rolloverMax: 5 },
    ]
    expect(await catalogue().createDraft(slug, terms({ features }), ACT)).toMatchObject({
      because: 'plan_version_invalid',
      errors: [
        { field: 'features.no_such_feature' },
        { field: 'features.priority_support.quota_limit' },
        { field: 'features.seats.reset' },
        { field: 'features.ai_minutes.overage' },
        { field: 'features.ai_minutes.rollover_max' },
      ],
    })
    expect((await catalogue().findPlan(slug))?.versions).toHaveLength(1)
  })

  test('that is created twice exists once', async () => {
    const slug = await aPlan()
    const again = () => catalogue().createDraft(slug, terms({ priceMinor: 700 }), ACT)
    const drafts = await Promise.all([again(), again(), again()])
    expect(drafts.map((each) => each.kind === 'saved' && each.saved.version)).toEqual([2, 2, 2])
  })

  test('can be deleted, and its number is used again', async () => {
    const slug = await aPlan()
    await catalogue().createDraft(slug, terms(), ACT)
    expect(await catalogue().deleteDraft({ slug, version: 2 }, ACT)).toBeUndefined()
    const created = await catalogue().createDraft(slug, terms(), ACT)
    expect(created).toMatchObject({ saved: { version: 2 } })
  })
})

describe('a feature', () => {
  test('of a published version keeps its type and cannot be deleted', async () => {
    const [feature] = await catalogue().listFeatures()
    const changed = await catalogue().putFeature({ ...feature!, type: 'boolean' }, ACT)
    expect(changed).toMatchObject({ because: 'feature_in_use' })
    expect(await catalogue().deleteFeature(feature!.code, ACT)).toMatchObject({
      because: 'feature_in_use',
    })
    await expect(
      database.pool.query(`update features set type = 'boolean' where code = $1`, [feature!.code]),
    ).rejects.toMatchObject({ code: '23514' })
  })
})

describe('a version for one user', () => {
  test('is offered to that user alone, until it ends or a newer one replaces it', async () => {
    const slug = await aPlan()
    const { plans } = database.repositories
    const until = new Date('2026-06-01T00:00:00Z')
    const offer = { userId: 'grace', until, reason: 'pilot' }
    await catalogue().offer(slug, terms({ priceMinor: 1_234 }), offer, ACT)
    const newer = await catalogue().offer(slug, terms({ priceMinor: 99 }), offer, ACT)
    expect(newer).toMatchObject({ saved: { version: 3, state: 'published', customFor: 'grace' } })
    expect(await plans.findOffered(slug, { userId: 'grace', at: AT })).toMatchObject({ version: 3 })
    expect(await plans.findOffered(slug, { userId: 'ada', at: AT })).toMatchObject({ version: 1 })
    expect(await plans.findOffered(slug, { userId: 'grace', at: until })).toMatchObject({
      version: 1,
    })
    expect(await plans.findActive(slug)).toMatchObject({ version: 1 })
    const listed = await plans.listActive()
    expect(listed.filter((plan) => plan.slug === slug)).toHaveLength(1)
  })
})

test('each change is recorded with its author, and a change without effect is not', async () => {
  const slug = await aPlan()
  await catalogue().putPlan(definitionOf(slug), ACT)
  await catalogue().publish({ slug, version: 1 }, true, ACT)
  const own = (await catalogue().listChanges(100)).filter(({ subject }) => subject.startsWith(slug))
  expect(own.map(({ kind, by }) => [kind, by])).toEqual([
    ['version_published', 'test'],
    ['version_created', 'test'],
    ['plan_created', 'test'],
  ])
})

test('a plan begins by itself until it loses the flag, alone in its product line', async () => {
  const line = `line_${randomUUID().replaceAll('-', '_')}`
  const plan = { name: 'Test', productLine: line, rank: 3, kind: 'base', fits: null } as const
  const [slug, rival] = [`${line}_one`, `${line}_two`]
  const put = (own: string, autoAttach: boolean) =>
    catalogue().putPlan({ ...plan, slug: own, autoAttach }, ACT)
  await put(slug, true)
  await catalogue().createDraft(slug, terms(), ACT)
  await catalogue().publish({ slug, version: 1 }, true, ACT)
  const attached = async () => {
    const found = await database.repositories.plans.listAutoAttached()
    return found.filter(({ productLine }) => productLine === line).map((each) => each.slug)
  }
  await eventually('the plan begins by itself', async () => (await attached()).includes(slug))
  expect(await put(rival, true)).toMatchObject({ errors: [{ field: 'auto_attach' }] })
  await put(slug, false)
  expect(await put(rival, true)).toMatchObject({ kind: 'saved', saved: { autoAttach: true } })
  await eventually('no plan begins by itself', async () => (await attached()).length === 0)
})
