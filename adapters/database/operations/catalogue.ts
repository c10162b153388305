import type { CatalogueVersion } from '../../../domain/catalogue/catalogue.ts'
import {
  definitionOfFeature,
  deleteFeature,
  putFeature,
} from '../../../domain/catalogue/change-feature.ts'
import { deletePlan, putPlan } from '../../../domain/catalogue/change-plan.ts'
import {
  createDraft,
  deleteDraft,
  offer,
  publish,
  putOnSale,
  retire,
  saveDraft,
} from '../../../domain/catalogue/change-version.ts'
import {
  createCatalogueDraft,
  type CatalogueDraft,
  type CatalogueState,
} from '../../../domain/catalogue/draft.ts'
import { versionOfPrice } from '../../../domain/catalogue/version-of-price.ts'
import type { CatalogueRepository, EndingOffer } from '../../../domain/catalogue/repository.ts'
import { ALLOWED } from '../../../domain/subscription/commands.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import { versionFromJson } from './catalogue-versions.ts'
import { jsonOfWrite } from './catalogue-writes.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'

/** Each failed round means that another change was committed first, so this many are enough. */
const ROUNDS_MAX = 50

/** Runs a rule on the catalogue and stores its writes. `slug` limits what is read to one plan, for rules that need no other; '' is features alone, null is all. */
type Change = <T>(slug: string | null, rule: (draft: CatalogueDraft) => T) => Promise<T>

/**
 * A rule runs on the catalogue as it was at one revision. Its writes are stored only if the revision is still the same;
 * otherwise the catalogue is read again and the rule runs anew. No transaction stays open in between, so this works over
 * Postgres and over HTTP alike.
 */
export function createCatalogueRepository(operations: Operations): CatalogueRepository {
  const reads = readsOf(operations)
  return {
    ...reads,
    ...readsOfDraft(async (slug) =>
      createCatalogueDraft(await readCatalogue(operations, slug), derivedUuid),
    ),
    ...changes((slug, rule) => changeCatalogue(operations, slug, rule)),
    inTransaction: (run) =>
      changeCatalogue(operations, null, (draft) => {
        const within: CatalogueRepository = {
          ...reads,
          ...readsOfDraft(async () => draft),
          ...changes(async (_slug, rule) => rule(draft)),
          inTransaction: (inner) => inner(within),
        }
        return run(within)
      }),
  }
}

async function readCatalogue(
  operations: Operations,
  slug: string | null,
): Promise<CatalogueState & { readonly revision: number }> {
  const json = await operations.value('read_catalogue', { p_slug: slug })
  return {
    ...json,
    plans: json.plans.map((plan) => ({ ...plan, versions: plan.versions.map(versionFromJson) })),
  }
}

async function changeCatalogue<T>(
  operations: Operations,
  slug: string | null,
  rule: (draft: CatalogueDraft) => T | Promise<T>,
): Promise<T> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const { revision, ...state } = await readCatalogue(operations, slug)
    const draft = createCatalogueDraft(state, derivedUuid)
    const outcome = await rule(draft)
    if (draft.writes.length === 0) return outcome
    const written = { p_revision: revision, p_writes: new Json(draft.writes.map(jsonOfWrite)) }
    if (await operations.value('write_catalogue', written)) return outcome
  }
  throw new Error(`the catalogue was changed by others in each of ${ROUNDS_MAX} attempts`)
}

const readsOfDraft = (
  draftOf: (slug: string | null) => Promise<CatalogueDraft>,
): Pick<
  CatalogueRepository,
  'listFeatures' | 'listKnownFeatures' | 'listPlans' | 'findPlan' | 'findVersion'
> => ({
  listFeatures: async () => (await draftOf('')).state().features.map(definitionOfFeature),
  listKnownFeatures: async () => [...(await draftOf('')).state().features],
  listPlans: async () => [...(await draftOf(null)).state().plans],
  findPlan: async (slug) => (await draftOf(slug)).findPlan(slug),
  findVersion: async (of) => (await draftOf(of.slug)).findVersion(of),
})

const changes = (
  change: Change,
): Omit<
  CatalogueRepository,
  keyof ReturnType<typeof readsOfDraft> | keyof ReturnType<typeof readsOf> | 'inTransaction'
> => ({
  putFeature: (feature, act) => change('', (draft) => putFeature(draft, feature, act)),
  deleteFeature: (code, act) => change('', (draft) => deleteFeature(draft, code, act)),
  putPlan: (plan, act) => change(null, (draft) => putPlan(draft, plan, act)),
  deletePlan: (slug, act) => change(slug, (draft) => deletePlan(draft, slug, act)),
  createDraft: (slug, terms, act) => change(slug, (draft) => createDraft(draft, slug, terms, act)),
  saveDraft: (of, terms, act) => change(of.slug, (draft) => saveDraft(draft, of, terms, act)),
  deleteDraft: (of, act) => change(of.slug, (draft) => deleteDraft(draft, of, act)),
  publish: (of, onSale, act) => change(null, (draft) => publish(draft, of, onSale, act)),
  putOnSale: (of, act) => change(of.slug, (draft) => putOnSale(draft, of, act)),
  retire: (of, act) => change(of.slug, (draft) => retire(draft, of, act)),
  offer: (slug, terms, custom, act) =>
    change(slug, (draft) => offer(draft, slug, { terms, offer: custom }, act)),
  versionOfPrice: (of, price, act) =>
    change(of.slug, (draft) => versionOfPrice(draft, of, price, act)),
})

const readsOf = (
  operations: Operations,
): Pick<CatalogueRepository, 'listOffers' | 'listEndingOffers' | 'listChanges'> => ({
  async listOffers(userId): Promise<CatalogueVersion[]> {
    const of = { p_user: userId }
    return (await operations.values('list_catalogue_offers', of)).map(versionFromJson)
  },

  async listEndingOffers(at, limit): Promise<EndingOffer[]> {
    const rows = await operations.rows('list_ending_offers', {
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

  listChanges: (limit) => operations.rows('list_catalogue_changes', { p_limit: limit }),
})
