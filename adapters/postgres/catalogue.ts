import { sql, Transaction, type Kysely } from 'kysely'
import type { CatalogueAct, CatalogueRepository } from '../../domain/catalogue-repository.ts'
import type { CataloguePlan, FeatureDefinition } from '../../domain/catalogue.ts'
import { derivedUuid } from '../derived-uuid.ts'
import { recordChange, refuse, saved, selectVersions, versionFromRow } from './catalogue-rows.ts'
import { createPlanVersions } from './plan-versions.ts'
import type { Database } from './schema.ts'

type Tx = Transaction<Database>

/** Ids are derived from names, so a catalogue that is built twice from the same file is the same one. */
export function createCatalogueRepository(db: Kysely<Database>): CatalogueRepository {
  const write = <T>(run: (transaction: Tx) => Promise<T>): Promise<T> =>
    db instanceof Transaction ? run(db) : db.transaction().execute(run)

  return {
    async listFeatures() {
      const rows = await selectFeatures(db).orderBy('code').execute()
      return rows.map(featureFromRow)
    },

    putFeature: (feature, act) => write((transaction) => putFeature(transaction, feature, act)),

    deleteFeature: (code, act) =>
      write(async (transaction) => {
        const before = await selectFeatures(transaction)
          .where('code', '=', code)
          .forUpdate()
          .executeTakeFirst()
        if (before === undefined) return undefined
        const id = derivedUuid(`feature/${code}`)
        const plans = await plansThatGrant(transaction, code)
        if (plans.length > 0)
          return refuse(
            'feature_in_use',
            `\`${code}\` is granted by ${plans.join(', ')}: take it out of the drafts among them; what was published keeps it.`,
          )
        await transaction.deleteFrom('features').where('code', '=', code).execute()
        await recordChange(transaction, act, {
          kind: 'feature_deleted',
          subject: code,
          before: { id, ...featureFromRow(before) },
          after: null,
        })
        return undefined
      }),

    listPlans: () => readPlans(db),
    findPlan: async (slug) => (await readPlans(db, slug))[0],

    putPlan: (plan, act) =>
      write(async (transaction) => {
        const [before] = await readPlans(transaction, plan.slug)
        const { slug, name, rank, productLine: product_line } = plan
        const isSold = before?.versions.some(({ publishedAt }) => publishedAt !== null) === true
        if (isSold && before.productLine !== product_line)
          return refuse(
            'plan_in_use',
            `\`${slug}\` was published in the product line \`${before.productLine}\`, which its subscriptions carry: make another plan.`,
          )
        const isSame =
          before?.name === name && before.rank === rank && before.productLine === product_line
        if (before !== undefined && isSame) return saved(before)
        await transaction
          .insertInto('plans')
          .values({
            id: derivedUuid(`plan/${slug}`),
            slug,
            name,
            rank,
            product_line,
            created_at: act.at,
          })
          .onConflict((conflict) =>
            conflict.column('slug').doUpdateSet({ name, rank, product_line }),
          )
          .execute()
        await recordChange(transaction, act, {
          kind: before === undefined ? 'plan_created' : 'plan_changed',
          subject: slug,
          before: before === undefined ? null : definitionOf(before),
          after: plan,
        })
        return saved(await getPlan(transaction, slug))
      }),

    deletePlan: (slug, act) =>
      write(async (transaction) => {
        const [before] = await readPlans(transaction, slug)
        if (before === undefined) return undefined
        if (before.versions.some(({ state }) => state !== 'draft'))
          return refuse(
            'plan_in_use',
            `\`${slug}\` was published. Retire its versions, and nobody can buy it any more; what was sold stays explained.`,
          )
        for (const { id } of before.versions) {
          await transaction.deleteFrom('plan_features').where('plan_version_id', '=', id).execute()
          await transaction.deleteFrom('plan_versions').where('id', '=', id).execute()
        }
        await transaction.deleteFrom('plans').where('slug', '=', slug).execute()
        const record = { kind: 'plan_deleted', subject: slug, after: null }
        await recordChange(transaction, act, { ...record, before: definitionOf(before) })
        return undefined
      }),

    ...createPlanVersions(db, write),

    async listChanges(limit) {
      return db
        .selectFrom('catalogue_changes')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
    },

    inOneGo: (run) =>
      write(async (transaction) => {
        await sql`lock table plans, features in share row exclusive mode`.execute(transaction)
        return run(createCatalogueRepository(transaction))
      }),
  }
}

const selectFeatures = (db: Kysely<Database>) =>
  db.selectFrom('features').select(['code', 'name', 'type', 'unit', 'meter_event_name'])

type FeatureRow = Awaited<ReturnType<ReturnType<typeof selectFeatures>['execute']>>[number]

const featureFromRow = ({ meter_event_name, ...row }: FeatureRow): FeatureDefinition => ({
  ...row,
  meterEventName: meter_event_name,
})

async function putFeature(transaction: Tx, feature: FeatureDefinition, act: CatalogueAct) {
  const { code, name, type, unit, meterEventName: meter_event_name } = feature
  const row = await selectFeatures(transaction)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst()
  const before = row && featureFromRow(row)
  if (before !== undefined && JSON.stringify(inOrder(before)) === JSON.stringify(inOrder(feature)))
    return saved(before)
  if (before !== undefined && before.type !== type) {
    const plans = await plansThatGrant(transaction, code)
    if (plans.length > 0)
      return refuse(
        'feature_in_use',
        `\`${code}\` is ${before.type} in ${plans.join(', ')}: define another feature.`,
      )
  }
  await transaction
    .insertInto('features')
    .values({ id: derivedUuid(`feature/${code}`), code, name, type, unit, meter_event_name })
    .onConflict((conflict) =>
      conflict.column('code').doUpdateSet({ name, type, unit, meter_event_name }),
    )
    .execute()
  await recordChange(transaction, act, {
    kind: before === undefined ? 'feature_created' : 'feature_changed',
    subject: code,
    before: before ?? null,
    after: feature,
  })
  return saved(feature)
}

const inOrder = ({ code, name, type, unit, meterEventName }: FeatureDefinition) => [
  code,
  name,
  type,
  unit,
  meterEventName,
]

/** The versions that grant a feature, as people name them. */
async function plansThatGrant(db: Kysely<Database>, code: string): Promise<string[]> {
  const rows = await db
    .selectFrom('plan_features as pf')
    .innerJoin('features as f', 'f.id', 'pf.feature_id')
    .innerJoin('plan_versions as v', 'v.id', 'pf.plan_version_id')
    .innerJoin('plans as p', 'p.id', 'v.plan_id')
    .where('f.code', '=', code)
    .select(['p.slug', 'v.version'])
    .orderBy('p.slug')
    .orderBy('v.version')
    .limit(NAMED_MAX)
    .execute()
  return rows.map(({ slug, version }) => `\`${slug}\` version ${version}`)
}

/** More names than this help nobody. */
const NAMED_MAX = 5

async function readPlans(db: Kysely<Database>, slug?: string): Promise<CataloguePlan[]> {
  const plans = await db
    .selectFrom('plans')
    .select(['id', 'slug', 'name', 'rank', 'product_line'])
    .$if(slug !== undefined, (query) => query.where('slug', '=', slug ?? ''))
    .orderBy('rank')
    .orderBy('slug')
    .execute()
  const rows = await selectVersions(db)
    .$if(slug !== undefined, (query) => query.where('p.slug', '=', slug ?? ''))
    .execute()
  const versions = rows.map(versionFromRow)
  return plans.map(({ product_line: productLine, ...plan }) => ({
    ...plan,
    productLine,
    versions: versions.filter((version) => version.slug === plan.slug),
  }))
}

async function getPlan(db: Kysely<Database>, slug: string): Promise<CataloguePlan> {
  const [plan] = await readPlans(db, slug)
  if (plan === undefined) throw new Error(`plan ${slug} vanished`)
  return plan
}

const definitionOf = ({ slug, name, rank, productLine }: CataloguePlan) => ({
  slug,
  name,
  rank,
  productLine,
})
