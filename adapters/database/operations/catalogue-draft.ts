import type { CatalogueAct } from '../../../domain/catalogue/repository.ts'
import type {
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
  PlanDefinition,
} from '../../../domain/catalogue/catalogue.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'

/** A feature, and the versions that grant it, such as `plan_free/1`. */
export type KnownFeature = FeatureDefinition & { readonly grantedBy: readonly string[] }

export type CatalogueState = {
  readonly features: readonly KnownFeature[]
  readonly plans: readonly CataloguePlan[]
}

type CatalogueRecord = {
  readonly kind: string
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

/** What `write_catalogue` takes: `do` says which of its writes. */
type CatalogueWrite = { readonly do: string } & Readonly<Record<string, unknown>>

export type CatalogueDraft = ReturnType<typeof createCatalogueDraft>

/**
 * The catalogue as it would be, beside what has to be written to make it so. Ids are derived from names, so a catalogue
 * that is built twice from the same file is the same one.
 */
export function createCatalogueDraft(state: CatalogueState) {
  let { features, plans } = state
  const writes: CatalogueWrite[] = []
  const findPlan = (slug: string) => plans.find((plan) => plan.slug === slug)
  const changeVersions = (
    slug: string,
    change: (versions: readonly CatalogueVersion[]) => readonly CatalogueVersion[],
  ) => {
    plans = plans.map((plan) =>
      plan.slug === slug ? { ...plan, versions: change(plan.versions) } : plan,
    )
  }
  const changeVersion = (
    { slug, id }: CatalogueVersion,
    change: (version: CatalogueVersion) => CatalogueVersion,
  ) =>
    changeVersions(slug, (versions) =>
      versions.map((version) => (version.id === id ? change(version) : version)),
    )

  return {
    writes,
    features: () => features,
    findFeature: (code: string) => features.find((feature) => feature.code === code),
    plans: () => plans,
    findPlan,
    findVersion: ({ slug, version }: Pick<CatalogueVersion, 'slug' | 'version'>) =>
      findPlan(slug)?.versions.find((each) => each.version === version),

    putFeature(feature: FeatureDefinition) {
      const { code, name, type, unit, meterEventName: meter_event_name } = feature
      const known = features.find((each) => each.code === code)
      const others = features.filter((each) => each.code !== code)
      features = [...others, { ...feature, grantedBy: known?.grantedBy ?? [] }].toSorted((a, b) =>
        a.code < b.code ? -1 : 1,
      )
      const id = derivedUuid(`feature/${code}`)
      writes.push({ do: 'put feature', id, code, name, type, unit, meter_event_name })
    },

    deleteFeature(code: string) {
      features = features.filter((each) => each.code !== code)
      writes.push({ do: 'delete feature', code })
    },

    putPlan(plan: PlanDefinition, at: Date) {
      const { slug, name, rank, productLine: product_line } = plan
      const known = findPlan(slug)
      const id = known?.id ?? derivedUuid(`plan/${slug}`)
      const others = plans.filter((each) => each.slug !== slug)
      plans = [...others, { ...plan, id, versions: known?.versions ?? [] }].toSorted(
        (a, b) => a.rank - b.rank || (a.slug < b.slug ? -1 : 1),
      )
      writes.push({ do: 'put plan', id, slug, name, rank, product_line, created_at: at })
    },

    deletePlan(slug: string) {
      plans = plans.filter((each) => each.slug !== slug)
      writes.push({ do: 'delete plan', slug })
    },

    /** Only a draft's: what was published is refused by the database. */
    writeVersion(version: CatalogueVersion) {
      changeVersions(version.slug, (versions) => [
        version,
        ...versions.filter((each) => each.id !== version.id),
      ])
      writes.push(writeOf(version))
    },

    deleteVersion({ slug, id }: CatalogueVersion) {
      changeVersions(slug, (versions) => versions.filter((each) => each.id !== id))
      writes.push({ do: 'delete version', id })
    },

    publish(version: CatalogueVersion, at: Date) {
      changeVersion(version, (each) => ({ ...each, state: 'published', publishedAt: at }))
      writes.push({ do: 'publish', id: version.id, at })
    },

    /** In the place of the one that the same people were offered before, in the same currency. */
    sell(version: CatalogueVersion) {
      const isReplaced = (each: CatalogueVersion) =>
        each.customFor === version.customFor &&
        (version.customFor !== null || each.currency === version.currency)
      changeVersions(version.slug, (versions) =>
        versions.map((each) => ({
          ...each,
          active: each.id === version.id || (each.active && !isReplaced(each)),
        })),
      )
      writes.push({ do: 'sell', id: version.id })
    },

    retire(version: CatalogueVersion, at: Date) {
      changeVersion(version, (each) => ({
        ...each,
        state: 'retired',
        active: false,
        retiredAt: at,
      }))
      writes.push({ do: 'retire', id: version.id, at })
    },

    /** Remembers a change, with the change. */
    record({ at, by }: CatalogueAct, record: CatalogueRecord) {
      writes.push({ do: 'record', at, by, ...record })
    },
  }
}

const writeOf = (version: CatalogueVersion): CatalogueWrite => ({
  do: 'write version',
  id: version.id,
  slug: version.slug,
  version: version.version,
  period: version.period,
  price_minor: version.priceMinor,
  currency: version.currency,
  trial_days: version.trialDays,
  custom_for: version.customFor,
  custom_until: version.customUntil,
  created_at: version.createdAt,
  features: version.features.map((feature) => ({
    code: feature.code,
    quota_limit: feature.quotaLimit,
    reset: feature.reset,
    overage: feature.overage,
    rollover_max: feature.rolloverMax,
    alert_thresholds: feature.alertThresholds,
  })),
})
