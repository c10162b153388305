import type { FeatureType } from './plan.ts'
import type { FieldProblem } from './field-problem.ts'
import type { PlanKind } from './plan-kind.ts'
import type { VersionTerms } from './terms.ts'

/** A feature as operators define it; plans say how much of it they grant. */
export type FeatureDefinition = {
  readonly code: string
  readonly name: string
  readonly type: FeatureType
  readonly unit: string | null
  /** The event name of Stripe's meter; if null, the code. */
  readonly meterEventName: string | null
}

/** The states of a plan version, in their order. */
export const VERSION_STATES = ['draft', 'published', 'retired'] as const
/** A draft can change, a published version never does. Subscriptions keep a retired version; new ones cannot get it. */
export type VersionState = (typeof VERSION_STATES)[number]

/** A plan without its versions: name, product line and rank. */
export type PlanDefinition = {
  readonly slug: string
  readonly name: string
  /** A user has at most one live subscription per product line. */
  readonly productLine: string
  /** A change to a plan of higher rank is an upgrade. */
  readonly rank: number
  /** Fixed once a version was published. */
  readonly kind: PlanKind
  /** The slugs of the base plans that an add-on can be added to; null is every base plan of its product line. */
  readonly fits: readonly string[] | null
  /** Whether a customer without a subscription of the product line has this free plan without a call. */
  readonly autoAttach: boolean
}

/** A version of a plan in any state, as operators see it. */
export type CatalogueVersion = VersionTerms & {
  readonly id: string
  readonly slug: string
  readonly version: number
  readonly state: VersionState
  /** On sale: new subscriptions get this version. */
  readonly active: boolean
  /** The only user it is offered to; null for all users. */
  readonly customFor: string | null
  readonly customUntil: Date | null
  readonly stripePriceId: string | null
  readonly publishedAt: Date | null
  readonly retiredAt: Date | null
  readonly createdAt: Date
  /** Live subscriptions that have this version. */
  readonly subscribers: number
}

/** A plan with all its versions. */
export type CataloguePlan = PlanDefinition & {
  readonly id: string
  readonly versions: readonly CatalogueVersion[]
}

/** Names one version of a plan. */
export type VersionName = { readonly slug: string; readonly version: number }

/** A version offered to one user. `until` null: the offer does not expire. */
export type CustomOffer = {
  readonly userId: string
  readonly until: Date | null
  readonly reason: string
}

/** When the catalogue is changed, and by whom: the id of an API key or the name of a command. */
export type CatalogueAct = { readonly at: Date; readonly by: string }

/** The catalogue that a file asks for. Plans and features that it does not name stay as they are, unless it prunes them. */
export type WantedCatalogue = {
  /** Retires versions on sale and deletes features that the file does not name. */
  readonly prunes?: boolean
  readonly features: readonly FeatureDefinition[]
  readonly plans: readonly {
    readonly plan: PlanDefinition
    /** One for each currency, the plan's first currency first. */
    readonly terms: readonly VersionTerms[]
  }[]
}

/** Why a change of the catalogue was refused. */
export type CatalogueRefusal =
  | 'plan_not_found'
  | 'plan_in_use'
  | 'plan_version_not_found'
  | 'plan_version_invalid'
  | 'plan_version_incomplete'
  | 'plan_version_published'
  | 'plan_version_in_use'
  | 'plan_version_not_published'
  | 'plan_version_retired'
  | 'feature_not_found'
  | 'feature_in_use'

/** The answer to a change that a rule of the catalogue does not allow. */
export type Refused = {
  readonly kind: 'refused'
  readonly because: CatalogueRefusal
  readonly detail: string
  readonly errors?: readonly FieldProblem[]
}
