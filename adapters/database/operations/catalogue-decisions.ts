import type { CatalogueAct } from '../../../domain/catalogue/repository.ts'
import type {
  CataloguePlan,
  CatalogueRefusal,
  FeatureDefinition,
  FieldProblem,
  PlanDefinition,
  Refused,
} from '../../../domain/catalogue/catalogue.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import type { CatalogueDraft, KnownFeature } from './catalogue-draft.ts'

/** More names than this help nobody. */
const NAMED_MAX = 5

export function putFeature(draft: CatalogueDraft, feature: FeatureDefinition, act: CatalogueAct) {
  const known = draft.findFeature(feature.code)
  const before = known && definitionOfFeature(known)
  if (
    before !== undefined &&
    JSON.stringify(before) === JSON.stringify(definitionOfFeature(feature))
  )
    return saved(before)
  if (known !== undefined && known.type !== feature.type && known.grantedBy.length > 0)
    return refuse(
      'feature_in_use',
      `\`${feature.code}\` is ${known.type} in ${grantersOf(known)}: define another feature.`,
    )
  draft.putFeature(feature)
  draft.record(act, {
    kind: before === undefined ? 'feature_created' : 'feature_changed',
    subject: feature.code,
    before: before ?? null,
    after: feature,
  })
  return saved(feature)
}

export function deleteFeature(
  draft: CatalogueDraft,
  code: string,
  act: CatalogueAct,
): Refused | undefined {
  const known = draft.findFeature(code)
  if (known === undefined) return undefined
  if (known.grantedBy.length > 0)
    return refuse(
      'feature_in_use',
      `\`${code}\` is granted by ${grantersOf(known)}: take it out of the drafts among them; what was published keeps it.`,
    )
  draft.deleteFeature(code)
  const before = { id: derivedUuid(`feature/${code}`), ...definitionOfFeature(known) }
  draft.record(act, { kind: 'feature_deleted', subject: code, before, after: null })
  return undefined
}

export function putPlan(draft: CatalogueDraft, plan: PlanDefinition, act: CatalogueAct) {
  const { slug, name, rank, productLine } = plan
  const before = draft.findPlan(slug)
  const isSold = before?.versions.some(({ publishedAt }) => publishedAt !== null) === true
  if (isSold && before.productLine !== productLine)
    return refuse(
      'plan_in_use',
      `\`${slug}\` was published in the product line \`${before.productLine}\`, which its subscriptions carry: make another plan.`,
    )
  const isSame = before?.name === name && before.rank === rank && before.productLine === productLine
  if (before !== undefined && isSame) return saved(before)
  draft.putPlan(plan, act.at)
  draft.record(act, {
    kind: before === undefined ? 'plan_created' : 'plan_changed',
    subject: slug,
    before: before === undefined ? null : definitionOfPlan(before),
    after: plan,
  })
  const after = draft.findPlan(slug)
  if (after === undefined) throw new Error(`plan ${slug} vanished`)
  return saved(after)
}

export function deletePlan(
  draft: CatalogueDraft,
  slug: string,
  act: CatalogueAct,
): Refused | undefined {
  const before = draft.findPlan(slug)
  if (before === undefined) return undefined
  if (before.versions.some(({ state }) => state !== 'draft'))
    return refuse(
      'plan_in_use',
      `\`${slug}\` was published. Retire its versions, and nobody can buy it any more; what was sold stays explained.`,
    )
  for (const version of before.versions) draft.deleteVersion(version)
  draft.deletePlan(slug)
  const record = { kind: 'plan_deleted', subject: slug, after: null }
  draft.record(act, { ...record, before: definitionOfPlan(before) })
  return undefined
}

export const refuse = (
  because: CatalogueRefusal,
  detail: string,
  errors?: readonly FieldProblem[],
): Refused => ({ kind: 'refused', because, detail, ...(errors && { errors }) })

export const saved = <T>(value: T) => ({ kind: 'saved' as const, saved: value })

export const definitionOfFeature = ({
  code,
  name,
  type,
  unit,
  meterEventName,
}: FeatureDefinition): FeatureDefinition => ({ code, name, type, unit, meterEventName })

const definitionOfPlan = ({ slug, name, rank, productLine }: CataloguePlan): PlanDefinition => ({
  slug,
  name,
  rank,
  productLine,
})

/** The versions that grant a feature, as people name them. */
const grantersOf = ({ grantedBy }: KnownFeature): string =>
  grantedBy
    .slice(0, NAMED_MAX)
    .map((name) => name.split('/'))
    .map(([slug, version]) => `\`${slug}\` version ${version}`)
    .join(', ')
