import type {
  CatalogueAct,
  CataloguePlan,
  CatalogueVersion,
  CustomOffer,
  FeatureDefinition,
  PlanDefinition,
  Refused,
  VersionName,
} from './catalogue.ts'
import type { KnownFeature } from './draft.ts'
import type { PriceTerms } from '../stripe/price.ts'
import type { VersionTerms } from './terms.ts'
import type { Saved } from './refusal.ts'

/** An entry of the history of the catalogue. Never changed. */
export type CatalogueChange = {
  readonly id: number
  readonly at: Date
  readonly by: string
  readonly kind: string
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

/** A subscription whose offer ends, and the version that it gets then. */
export type EndingOffer = {
  readonly subscriptionId: string
  readonly planVersionId: string
  readonly slug: string
  readonly currency: string
  readonly periodEnd: Date
}

/**
 * The catalogue as operators change it. A change and its audit record are one transaction, and concurrent changes are
 * applied one after the other. A change that makes no difference is not recorded. The rules are in `change-*.ts`.
 */
export type CatalogueRepository = {
  readonly listFeatures: () => Promise<FeatureDefinition[]>
  /** The features with what uses them. */
  readonly listKnownFeatures: () => Promise<KnownFeature[]>
  readonly putFeature: (
    feature: FeatureDefinition,
    act: CatalogueAct,
  ) => Promise<Saved<FeatureDefinition>>
  /** Undefined on success, also if there is no such feature. */
  readonly deleteFeature: (code: string, act: CatalogueAct) => Promise<Refused | undefined>

  /** By rank, each with its versions, newest first. */
  readonly listPlans: () => Promise<CataloguePlan[]>
  readonly findPlan: (slug: string) => Promise<CataloguePlan | undefined>
  readonly putPlan: (plan: PlanDefinition, act: CatalogueAct) => Promise<Saved<CataloguePlan>>
  /** Undefined on success. A plan that was ever published is refused. */
  readonly deletePlan: (slug: string, act: CatalogueAct) => Promise<Refused | undefined>

  readonly findVersion: (of: VersionName) => Promise<CatalogueVersion | undefined>
  /** Adds a draft under the next version number, or returns the newest draft if its terms are the same. */
  readonly createDraft: (
    slug: string,
    terms: VersionTerms,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  readonly saveDraft: (
    of: VersionName,
    terms: VersionTerms,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  readonly deleteDraft: (of: VersionName, act: CatalogueAct) => Promise<Refused | undefined>
  /** Publishes a draft: it never changes again. `onSale` replaces the version on sale; its subscriptions keep it. */
  readonly publish: (
    of: VersionName,
    onSale: boolean,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  /** Puts a published version, newer or older, on sale in place of the present one. */
  readonly putOnSale: (of: VersionName, act: CatalogueAct) => Promise<Saved<CatalogueVersion>>
  /** Takes a version off sale permanently. Its subscriptions keep it. */
  readonly retire: (of: VersionName, act: CatalogueAct) => Promise<Saved<CatalogueVersion>>
  /** Publishes a version for one user, in place of their previous one. The same offer again changes nothing. */
  readonly offer: (
    slug: string,
    terms: VersionTerms,
    offer: CustomOffer,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  /**
   * The version for customers with a price that was made at Stripe: `of`, or another published version with that price, or a new
   * one with the features of `of` that is not on sale. Concurrent calls for one price return the same version.
   */
  readonly versionOfPrice: (
    of: VersionName,
    price: PriceTerms,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  /** The custom versions of a user, newest first. */
  readonly listOffers: (userId: string) => Promise<CatalogueVersion[]>

  /** Subscriptions whose custom version ends before their next period, with no plan change pending. */
  readonly listEndingOffers: (at: Date, limit: number) => Promise<EndingOffer[]>

  readonly listChanges: (limit: number) => Promise<CatalogueChange[]>
  /** Runs several changes as one transaction. `run` may be called again if another change was committed first. */
  readonly inTransaction: <T>(run: (catalogue: CatalogueRepository) => Promise<T>) => Promise<T>
}
