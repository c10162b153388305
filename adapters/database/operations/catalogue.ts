import type {
  CatalogueAct,
  CatalogueRepository,
  EndingOffer,
} from '../../../domain/catalogue/repository.ts'
import type { CataloguePlan, CatalogueVersion } from '../../../domain/catalogue/catalogue.ts'
import { ALLOWED } from '../../../domain/subscription/commands.ts'
import type { Row } from '../tables/schema.ts'
import {
  definitionOfFeature,
  deleteFeature,
  deletePlan,
  putFeature,
  putPlan,
} from './catalogue-decisions.ts'
import {
  createCatalogueDraft,
  type CatalogueDraft,
  type CatalogueState,
  type KnownFeature,
} from './catalogue-draft.ts'
import { versionFromRow, type VersionRow } from './catalogue-versions.ts'
import { Json, type Operations } from './port.ts'
import {
  createDraft,
  deleteDraft,
  offer,
  publish,
  putOnSale,
  retire,
  saveDraft,
} from './plan-version-decisions.ts'

/** Others may be quicker so many times; each time at least one of them got ahead. */
const ROUNDS_MAX = 50

type CatalogueJson = {
  readonly revision: number
  readonly features: readonly KnownFeature[]
  readonly plans: readonly (Omit<CataloguePlan, 'versions'> & {
    readonly versions: readonly VersionRow[]
  })[]
}

/** Decides on the catalogue as it would be, once per call. */
type Change = <T>(slug: string | null, decide: (draft: CatalogueDraft) => T) => Promise<T>

/**
 * Changes are decided on a catalogue that was read at one revision and written only while it is still at that one; else it
 * is read and decided anew. No transaction stays open meanwhile, so it does not matter how the database is reached.
 */
export function createCatalogueRepository(operations: Operations): CatalogueRepository {
  const read = async (slug: string | null): Promise<CatalogueState & { revision: number }> => {
    const json = await operations.value<CatalogueJson>('read_catalogue', { p_slug: slug })
    if (json === null) throw new Error('the catalogue was not answered')
    return {
      ...json,
      plans: json.plans.map((plan) => ({ ...plan, versions: plan.versions.map(versionFromRow) })),
    }
  }
  /** A plan's own catalogue is enough for what concerns it alone. */
  const changing = async <T>(
    slug: string | null,
    decide: (draft: CatalogueDraft) => T | Promise<T>,
  ): Promise<T> => {
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      const { revision, ...state } = await read(slug)
      const draft = createCatalogueDraft(state)
      const outcome = await decide(draft)
      if (draft.writes.length === 0) return outcome
      const written = { p_revision: revision, p_writes: new Json(draft.writes) }
      if ((await operations.value<boolean>('write_catalogue', written)) === true) return outcome
    }
    throw new Error(`the catalogue changed ${ROUNDS_MAX} times while it was to be changed`)
  }
  const reads = readsOf(operations)
  const readAll = (slug: string | null) => read(slug)

  return {
    ...reads,
    ...shown(async (slug) => createCatalogueDraft(await readAll(slug))),
    ...changes(changing),
    inOneGo: (run) =>
      changing(null, (draft) => {
        const within: CatalogueRepository = {
          ...reads,
          ...shown(async () => draft),
          ...changes(async (_slug, decide) => decide(draft)),
          inOneGo: (inner) => inner(within),
        }
        return run(within)
      }),
  }
}

/** What is seen of the catalogue itself. */
const shown = (
  draftOf: (slug: string | null) => Promise<CatalogueDraft>,
): Pick<CatalogueRepository, 'listFeatures' | 'listPlans' | 'findPlan' | 'findVersion'> => ({
  listFeatures: async () => (await draftOf('')).features().map(definitionOfFeature),
  listPlans: async () => [...(await draftOf(null)).plans()],
  findPlan: async (slug) => (await draftOf(slug)).findPlan(slug),
  findVersion: async (of) => (await draftOf(of.slug)).findVersion(of),
})

const changes = (
  change: Change,
): Omit<
  CatalogueRepository,
  keyof ReturnType<typeof shown> | keyof ReturnType<typeof readsOf> | 'inOneGo'
> => ({
  putFeature: (feature, act) => change('', (draft) => putFeature(draft, feature, act)),
  deleteFeature: (code, act) => change('', (draft) => deleteFeature(draft, code, act)),
  putPlan: (plan, act) => change(plan.slug, (draft) => putPlan(draft, plan, act)),
  deletePlan: (slug, act) => change(slug, (draft) => deletePlan(draft, slug, act)),
  createDraft: (slug, terms, act) => change(slug, (draft) => createDraft(draft, slug, terms, act)),
  saveDraft: (of, terms, act) => change(of.slug, (draft) => saveDraft(draft, of, terms, act)),
  deleteDraft: (of, act) => change(of.slug, (draft) => deleteDraft(draft, of, act)),
  publish: (of, onSale, act) => change(of.slug, (draft) => publish(draft, of, onSale, act)),
  putOnSale: (of, act) => change(of.slug, (draft) => putOnSale(draft, of, act)),
  retire: (of, act) => change(of.slug, (draft) => retire(draft, of, act)),
  offer: (slug, terms, custom, act: CatalogueAct) =>
    change(slug, (draft) => offer(draft, slug, { terms, offer: custom }, act)),
})

type EndingRow = {
  id: string
  version: string
  slug: string
  currency: string
  period_end: Date
}

const readsOf = (
  operations: Operations,
): Pick<CatalogueRepository, 'listOffers' | 'listEndingOffers' | 'listChanges'> => ({
  async listOffers(userId): Promise<CatalogueVersion[]> {
    const of = { p_user: userId }
    return (await operations.values<VersionRow>('list_catalogue_offers', of)).map(versionFromRow)
  },

  async listEndingOffers(at, limit): Promise<EndingOffer[]> {
    const rows = await operations.rows<EndingRow>('list_ending_offers', {
      p_statuses: ALLOWED.changePlan,
      p_now: at,
      p_limit: limit,
    })
    return rows.map(({ id, version, slug, currency, period_end: periodEnd }) => ({
      subscriptionId: id,
      planVersionId: version,
      slug,
      currency,
      periodEnd,
    }))
  },

  listChanges: (limit) =>
    operations.rows<Row<'catalogue_changes'>>('list_catalogue_changes', { p_limit: limit }),
})
