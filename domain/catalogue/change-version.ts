import { planVersionKey } from '../keys.ts'
import { problemsOfAddon, problemsOfSelling } from './addon.ts'
import type {
  CatalogueAct,
  CatalogueVersion,
  CustomOffer,
  Refused,
  VersionName,
} from './catalogue.ts'
import { problemsOfAttachedSale } from './auto-attach.ts'
import { problemsOfSharedMeters } from './shared-meters.ts'
import { problemsOfPublishing, problemsOfTerms, sameTerms, type VersionTerms } from './terms.ts'
import type { CatalogueDraft } from './draft.ts'
import { refuse, saved, type Saved } from './refusal.ts'

type Outcome = Saved<CatalogueVersion>

/** Adds a draft under the next version number. A newest draft with the same terms is returned as it is. */
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
  return 'kind' in of ? of : recorded(draft, act, { kind: 'version_created', of, before: null })
}

/** Replaces the terms of a draft. A published version never changes. */
export const saveDraft = (
  draft: CatalogueDraft,
  of: VersionName,
  terms: VersionTerms,
  act: CatalogueAct,
): Outcome =>
  changing(draft, of, (held) => {
    if (held.state !== 'draft') return cannotChange(held)
    if (sameTerms(held, terms)) return saved(held)
    const refused = refusalOfTerms(draft, of.slug, terms)
    if (refused !== undefined) return refused
    draft.write({ do: 'write version', version: { ...held, ...onlyTerms(terms) } })
    return recorded(draft, act, { kind: 'version_changed', of, before: held })
  })

/** Deletes a draft. A published version is kept. */
export function deleteDraft(
  draft: CatalogueDraft,
  of: VersionName,
  act: CatalogueAct,
): Refused | undefined {
  const outcome = changing(draft, of, (held) => {
    if (held.state !== 'draft')
      return held.subscribers > 0
        ? refuse(
            'plan_version_in_use',
            `${held.subscribers} subscriptions have ${nameOf(of)}. Migrate them with POST /admin/plan-migrations, then retire it.`,
          )
        : cannotChange(held)
    draft.write({ do: 'delete version', version: held })
    const record = { kind: 'version_deleted', subject: nameOf(of), before: held, after: null }
    draft.write({ do: 'record', record: { at: act.at, by: act.by, ...record } })
    return saved(held)
  })
  return outcome.kind === 'refused' ? outcome : undefined
}

/** Publishes a draft: from then on it never changes. @param onSale sells it in place of the present version. */
export const publish = (
  draft: CatalogueDraft,
  of: VersionName,
  onSale: boolean,
  act: CatalogueAct,
): Outcome =>
  changing(draft, of, (held) => {
    if (held.state === 'retired') return isRetired(of)
    if (held.state === 'published') return saved(held)
    // Another version may have priced the same meter since the draft was saved.
    const shared = problemsOfSharedMeters(draft.state(), of.slug, held)
    const plan = draft.findPlan(of.slug)
    const alone = plan?.kind === 'addon' ? problemsOfSelling(plan, held, draft.state().plans) : []
    const attached = onSale ? problemsOfAttachedSale(plan, held) : []
    const problems = [...problemsOfPublishing(held), ...shared, ...alone, ...attached]
    if (problems.length > 0)
      return refuse(
        'plan_version_incomplete',
        `${nameOf(of)} is not complete: ${problems.map(({ field }) => field).join(', ')}.`,
        problems,
      )
    draft.write({ do: 'publish', version: held, at: act.at })
    if (onSale) draft.write({ do: 'sell', version: held })
    return recorded(draft, act, { kind: 'version_published', of, before: held })
  })

/** Sells a published version, newer or older, in place of the present one. */
export const putOnSale = (draft: CatalogueDraft, of: VersionName, act: CatalogueAct): Outcome =>
  changing(draft, of, (held) => {
    if (held.state === 'retired') return isRetired(of)
    if (held.state === 'draft')
      return refuse('plan_version_not_published', `${nameOf(of)} is a draft: publish it first.`)
    if (held.active) return saved(held)
    const problems = problemsOfAttachedSale(draft.findPlan(of.slug), held)
    if (problems.length > 0)
      return refuse('plan_version_invalid', `${nameOf(of)} cannot be on sale.`, problems)
    draft.write({ do: 'sell', version: held })
    return recorded(draft, act, { kind: 'version_put_on_sale', of, before: held })
  })

/** Takes a published version off sale permanently; its subscriptions keep it. */
export const retire = (draft: CatalogueDraft, of: VersionName, act: CatalogueAct): Outcome =>
  changing(draft, of, (held) => {
    if (held.state === 'draft')
      return refuse('plan_version_not_published', `${nameOf(of)} is a draft: delete it instead.`)
    if (held.state === 'retired') return saved(held)
    draft.write({ do: 'retire', version: held, at: act.at })
    return recorded(draft, act, { kind: 'version_retired', of, before: held })
  })

/** Publishes a version for one user, in place of their previous one. The same offer again changes nothing. */
export function offer(
  draft: CatalogueDraft,
  slug: string,
  { terms, offer: custom }: { readonly terms: VersionTerms; readonly offer: CustomOffer },
  act: CatalogueAct,
): Outcome {
  const plan = draft.findPlan(slug)
  if (plan === undefined) return noPlan(slug)
  if (plan.kind === 'addon')
    return refuse(
      'plan_version_invalid',
      `\`${slug}\` is an add-on: offer a version of a base plan.`,
    )
  const held = plan.versions.find((each) => each.customFor === custom.userId && each.active)
  const ends = held?.customUntil?.getTime() === custom.until?.getTime()
  if (held !== undefined && ends && sameTerms(held, terms)) return saved(held)
  const incomplete = problemsOfPublishing(terms)
  if (incomplete.length > 0)
    return refuse('plan_version_incomplete', 'The offer is not complete.', incomplete)
  const of = addVersion(draft, { slug, terms, offer: custom, act })
  if ('kind' in of) return of
  return changing(draft, of, (made) => {
    draft.write({ do: 'publish', version: made, at: act.at })
    draft.write({ do: 'sell', version: made })
    return recorded(draft, act, {
      kind: 'version_offered',
      of,
      before: null,
      because: custom.reason,
    })
  })
}

/** Publishes a version that is not on sale, for the customers of a price that was made at Stripe. */
export function publishForPrice(
  draft: CatalogueDraft,
  { slug, terms }: { readonly slug: string; readonly terms: VersionTerms },
  act: CatalogueAct,
): Outcome {
  const of = addVersion(draft, { slug, terms, offer: null, act })
  if ('kind' in of) return of
  return changing(draft, of, (made) => {
    draft.write({ do: 'publish', version: made, at: act.at })
    return recorded(draft, act, { kind: 'version_imported', of, before: null })
  })
}

/** Runs a change on a version that exists; refuses when the plan or version does not. */
const changing = (
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
  const refused = refusalOfTerms(draft, slug, terms)
  if (refused !== undefined) return refused
  const versions = draft.findPlan(slug)?.versions ?? []
  const of = { slug, version: Math.max(0, ...versions.map(({ version }) => version)) + 1 }
  const version: CatalogueVersion = {
    ...of,
    ...onlyTerms(terms),
    id: draft.idOf(planVersionKey(slug, of.version)),
    state: 'draft',
    active: false,
    customFor: custom?.userId ?? null,
    customUntil: custom?.until ?? null,
    stripePriceId: null,
    publishedAt: null,
    retiredAt: null,
    createdAt: act.at,
    subscribers: 0,
  }
  draft.write({ do: 'write version', version })
  return of
}

function refusalOfTerms(
  draft: CatalogueDraft,
  slug: string,
  terms: VersionTerms,
): Refused | undefined {
  const problems = [
    ...problemsOfTerms(terms, (code) => draft.findFeature(code)?.type),
    ...problemsOfSharedMeters(draft.state(), slug, terms),
    ...(draft.findPlan(slug)?.kind === 'addon' ? problemsOfAddon(terms) : []),
  ]
  if (problems.length === 0) return undefined
  return refuse(
    'plan_version_invalid',
    `Not valid: ${problems.map(({ field }) => field).join(', ')}.`,
    problems,
  )
}

/** Drops all other fields, and sorts the features by code. */
const onlyTerms = ({
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

/** Records the change in the audit log and returns the version as it is now. */
function recorded(draft: CatalogueDraft, act: CatalogueAct, { kind, of, before, because }: Done) {
  const after = draft.findVersion(of)
  if (after === undefined) throw new Error(`${nameOf(of)} is missing after it was saved`)
  draft.write({
    do: 'record',
    record: {
      at: act.at,
      by: act.by,
      kind,
      subject: nameOf(of),
      before,
      after: because === undefined ? after : { ...after, because },
    },
  })
  return saved(after)
}

const nameOf = ({ slug, version }: VersionName): string => `${slug}/${version}`
const noPlan = (slug: string) =>
  refuse('plan_not_found', `There is no plan \`${slug}\`. Create it with PUT /admin/plans/${slug}.`)
const noVersion = (of: VersionName) =>
  refuse('plan_version_not_found', `There is no version ${of.version} of \`${of.slug}\`.`)
const isRetired = (of: VersionName) =>
  refuse('plan_version_retired', `${nameOf(of)} is retired permanently. Publish a new version.`)
const cannotChange = (of: VersionName) =>
  refuse(
    'plan_version_published',
    `${nameOf(of)} is published and never changes. Create the next version with POST /admin/plans/${of.slug}/versions, or retire this one with PUT …/retirement.`,
  )
