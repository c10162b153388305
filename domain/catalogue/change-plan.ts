import { planKey } from '../keys.ts'
import { problemsOfFits } from './addon.ts'
import { problemsOfAutoAttach } from './auto-attach.ts'
import type { PlanKind } from './plan-kind.ts'
import type { CatalogueAct, CataloguePlan, PlanDefinition, Refused } from './catalogue.ts'
import type { CatalogueDraft } from './draft.ts'
import { refuse, saved, type Saved } from './refusal.ts'

/** Creates or changes a plan. Its product line and kind are fixed once a version was published, because subscriptions rely on them. */
export function putPlan(
  draft: CatalogueDraft,
  plan: PlanDefinition,
  { at, by }: CatalogueAct,
): Saved<CataloguePlan> {
  const { slug, productLine } = plan
  const before = draft.findPlan(slug)
  const isSold = before?.versions.some(({ publishedAt }) => publishedAt !== null) === true
  if (isSold && before.productLine !== productLine)
    return refuse(
      'plan_in_use',
      `\`${slug}\` was published in the product line \`${before.productLine}\`, which its subscriptions carry. Create another plan.`,
    )
  if (isSold && before.kind !== plan.kind)
    return refuse(
      'plan_in_use',
      `\`${slug}\` was published as ${NAMES[before.kind]}, which its subscriptions rely on. Create another plan.`,
    )
  if (before !== undefined && isSame(before, plan)) return saved(before)
  const { plans } = draft.state()
  const problems = [...problemsOfFits(plan, plans), ...problemsOfAutoAttach(plan, plans)]
  if (problems.length > 0)
    return refuse(
      'plan_version_invalid',
      `Not valid: ${problems.map(({ field }) => field).join(', ')}.`,
      problems,
    )
  const id = before?.id ?? draft.idOf(planKey(slug))
  draft.write({ do: 'put plan', id, plan, at })
  draft.write({
    do: 'record',
    record: {
      at,
      by,
      kind: before === undefined ? 'plan_created' : 'plan_changed',
      subject: slug,
      before: before === undefined ? null : definitionOfPlan(before),
      after: plan,
    },
  })
  const after = draft.findPlan(slug)
  if (after === undefined) throw new Error(`plan ${slug} is missing after it was saved`)
  return saved(after)
}

/** Deletes a plan that was never published, with its drafts; does nothing when there is none. */
export function deletePlan(
  draft: CatalogueDraft,
  slug: string,
  { at, by }: CatalogueAct,
): Refused | undefined {
  const before = draft.findPlan(slug)
  if (before === undefined) return undefined
  if (before.versions.some(({ state }) => state !== 'draft'))
    return refuse(
      'plan_in_use',
      `\`${slug}\` was published and is kept for its history. Retire its versions to stop selling it.`,
    )
  for (const version of before.versions) draft.write({ do: 'delete version', version })
  draft.write({ do: 'delete plan', slug })
  const record = { kind: 'plan_deleted', subject: slug, after: null }
  draft.write({ do: 'record', record: { at, by, ...record, before: definitionOfPlan(before) } })
  return undefined
}

const NAMES: Readonly<Record<PlanKind, string>> = { base: 'a base plan', addon: 'an add-on' }

const isSame = (before: CataloguePlan, plan: PlanDefinition): boolean =>
  JSON.stringify(definitionOfPlan(before)) === JSON.stringify(definitionOfPlan(plan))

const definitionOfPlan = ({
  slug,
  name,
  rank,
  productLine,
  kind,
  fits,
  autoAttach,
}: PlanDefinition): PlanDefinition => ({ slug, name, rank, productLine, kind, fits, autoAttach })
