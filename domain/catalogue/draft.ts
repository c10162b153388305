import type {
  CatalogueAct,
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
  PlanDefinition,
  VersionName,
} from './catalogue.ts'

/** A feature, and the versions that grant it, such as `plan_free/1`. */
export type KnownFeature = FeatureDefinition & {
  readonly grantedBy: readonly string[]
  /** Whether an override or a grant gives it to a user. */
  readonly isGivenToUsers: boolean
  /** The plans that report its overage to Stripe in a published version. */
  readonly billedIn: readonly BilledIn[]
}

/** A plan that charges the overage of a feature. */
export type BilledIn = {
  readonly plan: string
  readonly line: string
  /** Whether the plan has a usage price for it. */
  readonly isPriced: boolean
}

/** All that the rules of the catalogue decide from, read in one transaction. */
export type CatalogueState = {
  /** By code. */
  readonly features: readonly KnownFeature[]
  /** By rank; the versions of each, newest first. */
  readonly plans: readonly CataloguePlan[]
}

/** An entry of the catalogue's audit log. */
export type CatalogueRecord = CatalogueAct & {
  readonly kind: string
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

/** One change to store. Only a draft version is ever written or deleted: the database refuses a published one. */
export type CatalogueWrite =
  | { readonly do: 'put feature'; readonly id: string; readonly feature: FeatureDefinition }
  | { readonly do: 'delete feature'; readonly code: string }
  | {
      readonly do: 'put plan'
      readonly id: string
      readonly plan: PlanDefinition
      readonly at: Date
    }
  | { readonly do: 'delete plan'; readonly slug: string }
  | { readonly do: 'write version'; readonly version: CatalogueVersion }
  | { readonly do: 'delete version'; readonly version: CatalogueVersion }
  | { readonly do: 'publish'; readonly version: CatalogueVersion; readonly at: Date }
  /** Replaces the version that the same customers were offered before in the same currency. */
  | { readonly do: 'sell'; readonly version: CatalogueVersion }
  | { readonly do: 'retire'; readonly version: CatalogueVersion; readonly at: Date }
  | { readonly do: 'record'; readonly record: CatalogueRecord }

/** The catalogue with its pending changes applied, and the writes that store them. */
export type CatalogueDraft = {
  readonly state: () => CatalogueState
  readonly writes: readonly CatalogueWrite[]
  readonly write: (write: CatalogueWrite) => void
  /** Derives an id from a name, so that two databases built from one file have the same ids. */
  readonly idOf: (name: string) => string
  readonly findFeature: (code: string) => KnownFeature | undefined
  readonly findPlan: (slug: string) => CataloguePlan | undefined
  readonly findVersion: (of: VersionName) => CatalogueVersion | undefined
}

/** @param idOf derives an id from a name: the same name always gives the same id. */
export function createCatalogueDraft(
  stored: CatalogueState,
  idOf: (name: string) => string,
): CatalogueDraft {
  let state = stored
  const writes: CatalogueWrite[] = []
  const findPlan = (slug: string) => state.plans.find((plan) => plan.slug === slug)
  return {
    state: () => state,
    writes,
    write(write) {
      state = stateAfter(state, write)
      writes.push(write)
    },
    idOf,
    findFeature: (code) => state.features.find((feature) => feature.code === code),
    findPlan,
    findVersion: ({ slug, version }) =>
      findPlan(slug)?.versions.find((each) => each.version === version),
  }
}

function stateAfter(state: CatalogueState, write: CatalogueWrite): CatalogueState {
  const { features, plans } = state
  switch (write.do) {
    case 'put feature':
      return { ...state, features: withFeature(features, write.feature) }
    case 'delete feature':
      return { ...state, features: features.filter(({ code }) => code !== write.code) }
    case 'put plan':
      return { ...state, plans: withPlan(plans, write) }
    case 'delete plan':
      return { ...state, plans: plans.filter(({ slug }) => slug !== write.slug) }
    case 'record':
      return state
    case 'write version':
    case 'delete version':
    case 'publish':
    case 'sell':
    case 'retire':
      return {
        ...state,
        plans: plans.map((plan) =>
          plan.slug === write.version.slug
            ? { ...plan, versions: versionsAfter(plan.versions, write) }
            : plan,
        ),
      }
  }
}

function withFeature(features: readonly KnownFeature[], feature: FeatureDefinition) {
  const known = features.find(({ code }) => code === feature.code)
  const others = features.filter((each) => each !== known)
  const { grantedBy = [], billedIn = [], isGivenToUsers = false } = known ?? {}
  return [...others, { ...feature, grantedBy, billedIn, isGivenToUsers }].toSorted((a, b) =>
    a.code < b.code ? -1 : 1,
  )
}

function withPlan(
  plans: readonly CataloguePlan[],
  { id, plan }: { readonly id: string; readonly plan: PlanDefinition },
) {
  const known = plans.find(({ slug }) => slug === plan.slug)
  const others = plans.filter((each) => each !== known)
  return [...others, { ...plan, id, versions: known?.versions ?? [] }].toSorted(
    (a, b) => a.rank - b.rank || (a.slug < b.slug ? -1 : 1),
  )
}

function versionsAfter(
  versions: readonly CatalogueVersion[],
  write: Extract<CatalogueWrite, { readonly version: CatalogueVersion }>,
): CatalogueVersion[] {
  const { version } = write
  const others = versions.filter(({ id }) => id !== version.id)
  const change = (changes: Partial<CatalogueVersion>) =>
    versions.map((each) => (each.id === version.id ? { ...each, ...changes } : each))
  switch (write.do) {
    case 'write version':
      return [version, ...others]
    case 'delete version':
      return others
    case 'publish':
      return change({ state: 'published', publishedAt: write.at })
    case 'retire':
      return change({ state: 'retired', active: false, retiredAt: write.at })
    case 'sell':
      return versions.map((each) => ({
        ...each,
        active: each.id === version.id || (each.active && !isReplacedBy(version, each)),
      }))
  }
}

const isReplacedBy = (sold: CatalogueVersion, other: CatalogueVersion): boolean =>
  other.customFor === sold.customFor &&
  (sold.customFor !== null || other.currency === sold.currency)
