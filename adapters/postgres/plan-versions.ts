import type { Kysely, Transaction } from 'kysely'
import type {
  CatalogueAct,
  CatalogueRepository,
  VersionName,
} from '../../domain/catalogue-repository.ts'
import {
  problemsOfPublishing,
  sameTerms,
  type CatalogueVersion,
  type Refused,
} from '../../domain/catalogue.ts'
import { ALLOWED } from '../../domain/moves.ts'
import { recordChange, refuse, saved, selectVersions, versionFromRow } from './catalogue-rows.ts'
import { clearTerms, createVersion, keepTerms, sell } from './plan-version-writes.ts'
import type { Database } from './schema.ts'

type Tx = Transaction<Database>
type Versions = Pick<
  CatalogueRepository,
  | 'findVersion'
  | 'createDraft'
  | 'saveDraft'
  | 'deleteDraft'
  | 'publish'
  | 'putOnSale'
  | 'retire'
  | 'offer'
  | 'listOffers'
  | 'listEndingOffers'
>

export function createPlanVersions(
  db: Kysely<Database>,
  write: <T>(run: (transaction: Tx) => Promise<T>) => Promise<T>,
): Versions {
  /** Holds the plan, so that its versions change one after the other. */
  const holding = <T>(
    { slug, version }: VersionName,
    run: (transaction: Tx, held: CatalogueVersion) => Promise<T | Refused>,
  ): Promise<T | Refused> =>
    write(async (transaction) => {
      if (!(await holdPlan(transaction, slug))) return noPlan(slug)
      const held = await findVersion(transaction, { slug, version })
      return held === undefined ? noVersion({ slug, version }) : run(transaction, held)
    })

  return {
    findVersion: (of) => findVersion(db, of),

    createDraft: (slug, terms, act) =>
      write(async (transaction) => {
        if (!(await holdPlan(transaction, slug))) return noPlan(slug)
        const newest = await selectVersions(transaction)
          .where('p.slug', '=', slug)
          .limit(1)
          .executeTakeFirst()
        const last = newest && versionFromRow(newest)
        if (last?.state === 'draft' && sameTerms(last, terms)) return saved(last)
        const of = await createVersion(transaction, { slug, terms, offer: null, act })
        if ('kind' in of) return of
        return answer(transaction, act, { kind: 'version_created', of, before: null })
      }),

    saveDraft: (of, terms, act) =>
      holding(of, async (transaction, held) => {
        if (held.state !== 'draft') return cannotChange(held)
        if (sameTerms(held, terms)) return saved(held)
        const refused = await keepTerms(transaction, held.id, terms)
        if (refused !== undefined) return refused
        return answer(transaction, act, { kind: 'version_changed', of, before: held })
      }),

    deleteDraft: async (of, act) => {
      const outcome = await holding(of, async (transaction, held) => {
        if (held.state !== 'draft')
          return held.subscribers > 0
            ? refuse(
                'plan_version_in_use',
                `${held.subscribers} subscriptions have ${nameOf(of)}. Move them by POST /admin/plan-migrations and retire it.`,
              )
            : cannotChange(held)
        await clearTerms(transaction, held.id)
        await transaction.deleteFrom('plan_versions').where('id', '=', held.id).execute()
        const record = { kind: 'version_deleted', subject: nameOf(of), before: held, after: null }
        await recordChange(transaction, act, record)
        return undefined
      })
      return outcome?.kind === 'refused' ? outcome : undefined
    },

    publish: (of, onSale, act) =>
      holding(of, async (transaction, held) => {
        if (held.state === 'retired') return isRetired(of)
        if (held.state === 'published') return saved(held)
        const problems = problemsOfPublishing(held)
        if (problems.length > 0)
          return refuse(
            'plan_version_incomplete',
            `${nameOf(of)} is not complete: ${problems.map(({ field }) => field).join(', ')}.`,
            problems,
          )
        await transaction
          .updateTable('plan_versions')
          .set({ published_at: act.at })
          .where('id', '=', held.id)
          .execute()
        if (onSale) await sell(transaction, held)
        return answer(transaction, act, { kind: 'version_published', of, before: held })
      }),

    putOnSale: (of, act) =>
      holding(of, async (transaction, held) => {
        if (held.state === 'retired') return isRetired(of)
        if (held.state === 'draft')
          return refuse('plan_version_not_published', `${nameOf(of)} is a draft: publish it first.`)
        if (held.active) return saved(held)
        await sell(transaction, held)
        return answer(transaction, act, { kind: 'version_put_on_sale', of, before: held })
      }),

    retire: (of, act) =>
      holding(of, async (transaction, held) => {
        if (held.state === 'draft')
          return refuse(
            'plan_version_not_published',
            `${nameOf(of)} is a draft: delete it instead.`,
          )
        if (held.state === 'retired') return saved(held)
        await transaction
          .updateTable('plan_versions')
          .set({ active: false, retired_at: act.at })
          .where('id', '=', held.id)
          .execute()
        return answer(transaction, act, { kind: 'version_retired', of, before: held })
      }),

    offer: (slug, terms, offer, act) =>
      write(async (transaction) => {
        if (!(await holdPlan(transaction, slug))) return noPlan(slug)
        const held = (await listOffers(transaction, offer.userId)).find(
          (each) => each.slug === slug && each.active,
        )
        const ends = held?.customUntil?.getTime() === offer.until?.getTime()
        if (held !== undefined && ends && sameTerms(held, terms)) return saved(held)
        const incomplete = problemsOfPublishing(terms)
        if (incomplete.length > 0)
          return refuse('plan_version_incomplete', 'The offer is not complete.', incomplete)
        const of = await createVersion(transaction, { slug, terms, offer, act })
        if ('kind' in of) return of
        const draft = await findVersion(transaction, of)
        if (draft === undefined) throw new Error(`${nameOf(of)} vanished`)
        await transaction
          .updateTable('plan_versions')
          .set({ published_at: act.at })
          .where('id', '=', draft.id)
          .execute()
        await sell(transaction, draft)
        return answer(transaction, act, {
          kind: 'version_offered',
          of,
          before: null,
          because: offer.reason,
        })
      }),

    listOffers: (userId) => listOffers(db, userId),

    async listEndingOffers(at, limit) {
      const rows = await db
        .selectFrom('subscriptions as s')
        .innerJoin('plan_versions as v', 'v.id', 's.plan_version_id')
        .innerJoin('plans as p', 'p.id', 'v.plan_id')
        .select(['s.id', 'v.id as version', 'p.slug', 'v.currency', 's.period_end'])
        .where('s.status', 'in', ALLOWED.changePlan)
        .where('v.custom_until', 'is not', null)
        .whereRef('v.custom_until', '<=', 's.period_end')
        .where('s.pending_plan_version_id', 'is', null)
        .where('s.cancel_at', 'is', null)
        .where('s.period_end', '>', at)
        .orderBy('s.period_end')
        .limit(limit)
        .execute()
      return rows.flatMap(({ id, version, slug, currency, period_end: periodEnd }) =>
        periodEnd === null || currency === null
          ? []
          : [{ subscriptionId: id, planVersionId: version, slug, currency, periodEnd }],
      )
    },
  }
}

const nameOf = ({ slug, version }: VersionName): string => `${slug}/${version}`
const noPlan = (slug: string) =>
  refuse('plan_not_found', `There is no plan \`${slug}\`: PUT /admin/plans/${slug} makes it.`)
const noVersion = (of: VersionName) =>
  refuse('plan_version_not_found', `There is no version ${of.version} of \`${of.slug}\`.`)
const isRetired = (of: VersionName) =>
  refuse('plan_version_retired', `${nameOf(of)} is retired for good: publish a new version.`)
const cannotChange = (of: VersionName) =>
  refuse(
    'plan_version_published',
    `${nameOf(of)} is published and never changes: POST /admin/plans/${of.slug}/versions makes the next one; PUT …/retirement takes this one away.`,
  )

async function listOffers(db: Kysely<Database>, userId: string): Promise<CatalogueVersion[]> {
  const rows = await selectVersions(db)
    .where('v.custom_for', '=', userId)
    .orderBy('v.created_at', 'desc')
    .execute()
  return rows.map(versionFromRow)
}

async function holdPlan(transaction: Tx, slug: string): Promise<boolean> {
  const plan = await transaction
    .selectFrom('plans')
    .select('id')
    .where('slug', '=', slug)
    .forUpdate()
    .executeTakeFirst()
  return plan !== undefined
}

async function findVersion(db: Kysely<Database>, { slug, version }: VersionName) {
  const row = await selectVersions(db)
    .where('p.slug', '=', slug)
    .where('v.version', '=', version)
    .executeTakeFirst()
  return row && versionFromRow(row)
}

type Done = {
  readonly kind: string
  readonly of: VersionName
  readonly before: CatalogueVersion | null
  readonly because?: string
}

/** The version as it is now, remembered as what this act made of it. */
async function answer(transaction: Tx, act: CatalogueAct, { kind, of, before, because }: Done) {
  const after = await findVersion(transaction, of)
  if (after === undefined) throw new Error(`${nameOf(of)} vanished`)
  await recordChange(transaction, act, {
    kind,
    subject: nameOf(of),
    before,
    after: because === undefined ? after : { ...after, because },
  })
  return saved(after)
}
