import type { Context } from 'hono'
import type { CataloguePlan, CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import { readForm, type Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { perform, type Call } from './perform.ts'
import type { PlanProps } from './plan-view.tsx'
import { inFields } from './problem-sentences.ts'
import type { Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import type { FieldErrors } from './usage-price-form.ts'
import { afterTierButton } from './version-fields.ts'
import { formFieldOf, termsFromForm } from './version-form.ts'

/** Shows the page of the plan again, with the form as it was sent. */
type ShowAgain = (again: Outcome & Pick<PlanProps, 'sent'>) => Response | Promise<Response>

/** Saves a new draft, or the one that the form names. A button of its tiers saves nothing, and shows the form again. */
export async function saveDraft(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  plan: CataloguePlan,
  show: ShowAgain,
): Promise<Response> {
  const form = await readForm(c)
  const base = versionOf(plan, form['base'])
  const edits = form['edit'] === undefined ? undefined : base?.version
  const tiers = afterTierButton(form)
  if (tiers !== undefined) return show({ sent: { ...tiers, errors: new Map(), edits } })
  const read = termsFromForm(form, base)
  const again = (errors: FieldErrors) => ({ form, errors, edits, focus: [...errors.keys()][0] })
  if (read.kind === 'wrong')
    return show({
      problem: [...new Set(read.errors.values())].join(' '),
      sent: again(read.errors),
    })
  const answer = await perform(c, setting, draftCall(plan, form, base, read.body), { form })
  if (answer.ok) return c.redirect(`/console/catalogue/${plan.slug}?done=draft`, 303)
  const errors = inFields(answer.problem).map(
    ({ field, words }) => [formFieldOf(field, form), words] as const,
  )
  return show({ problem: answer.problem, sent: again(new Map(errors)) })
}

/** The version with this number, as an address or a form names it. */
export const versionOf = (
  { versions }: Pick<CataloguePlan, 'versions'>,
  version: string | undefined,
): CatalogueVersion | undefined => versions.find((each) => String(each.version) === version)

/** Changes the draft `base`, or creates one that starts from it. */
function draftCall(
  { slug }: CataloguePlan,
  form: Form,
  base: CatalogueVersion | undefined,
  body: object,
): Call {
  const path = `/admin/plans/${slug}/versions`
  return base?.state === 'draft' && form['edit'] !== undefined
    ? { method: 'PUT', path: `${path}/${base.version}`, body }
    : { method: 'POST', path, body }
}
