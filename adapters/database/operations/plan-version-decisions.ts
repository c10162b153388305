import type {
  CatalogueAct,
  CustomOffer,
  VersionName,
} from '../../../domain/catalogue/repository.ts'
import {
  problemsOfPublishing,
  problemsOfTerms,
  sameTerms,
  type CatalogueVersion,
  type Refused,
  type VersionTerms,
} from '../../../domain/catalogue/catalogue.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import { refuse, saved } from './catalogue-decisions.ts'
import type { CatalogueDraft } from './catalogue-draft.ts'

type Outcome = Refused | { readonly kind: 'saved'; readonly saved: CatalogueVersion }

export function createDraft(
  draft: CatalogueDraft,
  slug: string,
  terms: VersionTerms,
  act: CatalogueAct,
): Outcome {
  const plan = draft.findPlan(slug)
  if (plan === undefined) return noPlan(slug)
  const [last] = plan.versions
  if (last?.state === 'draft' && sameTerms(last, terms)) return saved(last)
  const of = addVersion(draft, { slug, terms, offer: null, act })
  return 'kind' in of ? of : answer(draft, act, { kind: 'version_created', of, before: null })
}

export const saveDraft = (
  draft: CatalogueDraft,
  of: VersionName,
  terms: VersionTerms,
  act: CatalogueAct,
): Outcome =>
  holding(draft, of, (held) => {
    if (held.state !== 'draft') return cannotChange(held)
    if (sameTerms(held, terms)) return saved(held)
    const refused = refusalOfTerms(draft, terms)
    if (refused !== undefined) return refused
    draft.writeVersion({ ...held, ...termsAlone(terms) })
    return answer(draft, act, { kind: 'version_changed', of, before: held })
  })

export function deleteDraft(
  draft: CatalogueDraft,
  of: VersionName,
  act: CatalogueAct,
): Refused | undefined {
  const outcome = holding(draft, of, (held) => {
    if (held.state !== 'draft')
      return held.subscribers > 0
        ? refuse(
            'plan_version_in_use',
            `${held.subscribers} subscriptions have ${nameOf(of)}. Move them by POST /admin/plan-migrations and retire it.`,
          )
        : cannotChange(held)
    draft.deleteVersion(held)
    const record = { kind: 'version_deleted', subject: nameOf(of), before: held, after: null }
    draft.record(act, record)
    return saved(held)
  })
  return outcome.kind === 'refused' ? outcome : undefined
}

export const publish = (
  draft: CatalogueDraft,
  of: VersionName,
  onSale: boolean,
  act: CatalogueAct,
): Outcome =>
  holding(draft, of, (held) => {
    if (held.state === 'retired') return isRetired(of)
    if (held.state === 'published') return saved(held)
    const problems = problemsOfPublishing(held)
    if (problems.length > 0)
      return refuse(
        'plan_version_incomplete',
        `${nameOf(of)} is not complete: ${problems.map(({ field }) => field).join(', ')}.`,
        problems,
      )
    draft.publish(held, act.at)
    if (onSale) draft.sell(held)
    return answer(draft, act, { kind: 'version_published', of, before: held })
  })

export const putOnSale = (draft: CatalogueDraft, of: VersionName, act: CatalogueAct): Outcome =>
  holding(draft, of, (held) => {
    if (held.state === 'retired') return isRetired(of)
    if (held.state === 'draft')
      return refuse('plan_version_not_published', `${nameOf(of)} is a draft: publish it first.`)
    if (held.active) return saved(held)
    draft.sell(held)
    return answer(draft, act, { kind: 'version_put_on_sale', of, before: held })
  })

export const retire = (draft: CatalogueDraft, of: VersionName, act: CatalogueAct): Outcome =>
  holding(draft, of, (held) => {
    if (held.state === 'draft')
      return refuse('plan_version_not_published', `${nameOf(of)} is a draft: delete it instead.`)
    if (held.state === 'retired') return saved(held)
    draft.retire(held, act.at)
    return answer(draft, act, { kind: 'version_retired', of, before: held })
  })

export function offer(
  draft: CatalogueDraft,
  slug: string,
  { terms, offer: custom }: { readonly terms: VersionTerms; readonly offer: CustomOffer },
  act: CatalogueAct,
): Outcome {
  const plan = draft.findPlan(slug)
  if (plan === undefined) return noPlan(slug)
  const held = plan.versions.find((each) => each.customFor === custom.userId && each.active)
  const ends = held?.customUntil?.getTime() === custom.until?.getTime()
  if (held !== undefined && ends && sameTerms(held, terms)) return saved(held)
  const incomplete = problemsOfPublishing(terms)
  if (incomplete.length > 0)
    return refuse('plan_version_incomplete', 'The offer is not complete.', incomplete)
  const of = addVersion(draft, { slug, terms, offer: custom, act })
  if ('kind' in of) return of
  return holding(draft, of, (made) => {
    draft.publish(made, act.at)
    draft.sell(made)
    return answer(draft, act, { kind: 'version_offered', of, before: null, because: custom.reason })
  })
}

const holding = (
  draft: CatalogueDraft,
  of: VersionName,
  decide: (held: CatalogueVersion) => Outcome,
): Outcome => {
  if (draft.findPlan(of.slug) === undefined) return noPlan(of.slug)
  const held = draft.findVersion(of)
  return held === undefined ? noVersion(of) : decide(held)
}

type Creation = {
  readonly slug: string
  readonly terms: VersionTerms
  readonly offer: CustomOffer | null
  readonly act: CatalogueAct
}

/** A draft under the next number of its plan. */
function addVersion(
  draft: CatalogueDraft,
  { slug, terms, offer: custom, act }: Creation,
): VersionName | Refused {
  const refused = refusalOfTerms(draft, terms)
  if (refused !== undefined) return refused
  const versions = draft.findPlan(slug)?.versions ?? []
  const of = { slug, version: Math.max(0, ...versions.map(({ version }) => version)) + 1 }
  draft.writeVersion({
    ...of,
    ...termsAlone(terms),
    id: derivedUuid(`plan/${slug}/${of.version}`),
    state: 'draft',
    active: false,
    customFor: custom?.userId ?? null,
    customUntil: custom?.until ?? null,
    stripePriceId: null,
    publishedAt: null,
    retiredAt: null,
    createdAt: act.at,
    subscribers: 0,
  })
  return of
}

function refusalOfTerms(draft: CatalogueDraft, terms: VersionTerms): Refused | undefined {
  const problems = problemsOfTerms(terms, (code) => draft.findFeature(code)?.type)
  if (problems.length === 0) return undefined
  return refuse(
    'plan_version_invalid',
    `Not valid: ${problems.map(({ field }) => field).join(', ')}.`,
    problems,
  )
}

/** The terms and nothing that came along, the features by name. */
const termsAlone = ({
  period,
  priceMinor,
  currency,
  trialDays,
  features,
}: VersionTerms): VersionTerms => ({
  period,
  priceMinor,
  currency,
  trialDays,
  features: features.toSorted((a, b) => (a.code < b.code ? -1 : 1)),
})

type Done = {
  readonly kind: string
  readonly of: VersionName
  readonly before: CatalogueVersion | null
  readonly because?: string
}

/** The version as it is now, remembered as what this act made of it. */
function answer(draft: CatalogueDraft, act: CatalogueAct, { kind, of, before, because }: Done) {
  const after = draft.findVersion(of)
  if (after === undefined) throw new Error(`${nameOf(of)} vanished`)
  draft.record(act, {
    kind,
    subject: nameOf(of),
    before,
    after: because === undefined ? after : { ...after, because },
  })
  return saved(after)
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
