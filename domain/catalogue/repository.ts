import type {
  CatalogueAct,
  CataloguePlan,
  CatalogueVersion,
  CustomOffer,
  FeatureDefinition,
  PlanDefinition,
  Refused,
  VersionName,
  VersionTerms,
} from './catalogue.ts'
import type { Saved } from './refusal.ts'

export type CatalogueChange = {
  readonly id: number
  readonly at: Date
  readonly by: string
  readonly kind: string
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

export type EndingOffer = {
  readonly subscriptionId: string
  readonly planVersionId: string
  readonly slug: string
  readonly currency: string
  readonly periodEnd: Date
}

/**
 * The catalogue as operators change it. Each change and its record are one transaction, and changes of one plan wait for
 * each other. What is as it should be already is answered and not recorded again.
 */
export type CatalogueRepository = {
  readonly listFeatures: () => Promise<FeatureDefinition[]>
  readonly putFeature: (
    feature: FeatureDefinition,
    act: CatalogueAct,
  ) => Promise<Saved<FeatureDefinition>>
  /** Undefined where there is none: deleting twice deletes once. */
  readonly deleteFeature: (code: string, act: CatalogueAct) => Promise<Refused | undefined>

  /** By rank; each with its versions, the newest first. */
  readonly listPlans: () => Promise<CataloguePlan[]>
  readonly findPlan: (slug: string) => Promise<CataloguePlan | undefined>
  readonly putPlan: (plan: PlanDefinition, act: CatalogueAct) => Promise<Saved<CataloguePlan>>
  /** Only a plan that was never published goes. */
  readonly deletePlan: (slug: string, act: CatalogueAct) => Promise<Refused | undefined>

  readonly findVersion: (of: VersionName) => Promise<CatalogueVersion | undefined>
  /** The next number of the plan; asked again for the same, it answers the draft that is there. */
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
  /** From now on it never changes. `onSale` puts it in the place of the version on sale, which its subscribers keep. */
  readonly publish: (
    of: VersionName,
    onSale: boolean,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  /** Puts a published version on sale in place of another, be it an older one. */
  readonly putOnSale: (of: VersionName, act: CatalogueAct) => Promise<Saved<CatalogueVersion>>
  /** Nobody gets it any more; who has it keeps it. */
  readonly retire: (of: VersionName, act: CatalogueAct) => Promise<Saved<CatalogueVersion>>
  /** Publishes a version for one user alone, in place of the one before. One that is offered already is answered. */
  readonly offer: (
    slug: string,
    terms: VersionTerms,
    offer: CustomOffer,
    act: CatalogueAct,
  ) => Promise<Saved<CatalogueVersion>>
  /** Versions made for one user, the newest first. */
  readonly listOffers: (userId: string) => Promise<CatalogueVersion[]>

  /** Who has a version of their own that ends before their next period, and nothing that follows it. */
  readonly listEndingOffers: (at: Date, limit: number) => Promise<EndingOffer[]>

  readonly listChanges: (limit: number) => Promise<CatalogueChange[]>
  /** Runs all of it in one transaction: whole or not at all, and one after the other. */
  readonly inOneGo: <T>(run: (catalogue: CatalogueRepository) => Promise<T>) => Promise<T>
}
