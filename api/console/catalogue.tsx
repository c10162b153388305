import { Hono, type Context } from 'hono'
import { readForm, type Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { CatalogueView } from './catalogue-view.tsx'
import { emptyAsUndefined, numberOf } from '../web/form-values.ts'
import { consolePage } from './layout.tsx'
import { isConfirmed, NOT_CONFIRMED } from './operator-actions.ts'
import { fitsFrom } from './plan-kind-fields.tsx'
import { perform, type Call } from './perform.ts'
import type { Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** The address of the page. */
export const CATALOGUE = '/console/catalogue'

const DONE: Readonly<Record<string, string>> = {
  feature: 'The feature is saved.',
  'feature-deleted': 'The feature is deleted.',
  'plan-deleted': 'The plan is deleted.',
}

const FEATURE_EXISTS = 'A feature with this code exists already. Rename it in the list.'
const PLAN_EXISTS = 'A plan with this code exists already. Open it in the list.'

/** Features and plans. The versions of a plan have a page of their own. */
export const cataloguePage = (setting: PageSetting) => {
  async function show(c: Context<ConsoleEnvironment>, outcome: Outcome) {
    const { catalogue } = setting.repositories
    const [features, plans] = await Promise.all([catalogue.listFeatures(), catalogue.listPlans()])
    const operator = c.get('operator')
    return c.html(
      consolePage({
        title: 'Catalogue',
        path: CATALOGUE,
        assets: setting.assets,
        operator,
        children: (
          <CatalogueView features={features} plans={plans} csrf={operator.csrf} outcome={outcome} />
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(CATALOGUE, (c) => show(c, { done: DONE[c.req.query('done') ?? ''] }))
    .post(`${CATALOGUE}/features`, async (c) => {
      const form = await readForm(c)
      const code = form['code'] ?? ''
      const known = (await setting.repositories.catalogue.listFeatures()).find(
        (each) => each.code === code,
      )
      if (known !== undefined && form['edit'] === undefined)
        return show(c, { problem: FEATURE_EXISTS })
      const call = featureCall(form, known?.meterEventName ?? null)
      const answer = await perform(c, setting, call, { form })
      return answer.ok
        ? c.redirect(`${CATALOGUE}?done=feature`, 303)
        : show(c, { problem: answer.problem })
    })
    .post(`${CATALOGUE}/features/:code/delete`, async (c) => {
      const form = await readForm(c)
      if (!isConfirmed(form)) return show(c, { problem: NOT_CONFIRMED })
      const path = `/admin/features/${encodeURIComponent(c.req.param('code'))}`
      const answer = await perform(c, setting, { method: 'DELETE', path }, { form })
      return answer.ok
        ? c.redirect(`${CATALOGUE}?done=feature-deleted`, 303)
        : show(c, { problem: answer.problem })
    })
    .post(`${CATALOGUE}/plans`, async (c) => {
      const form = await readForm(c)
      const slug = form['slug'] ?? ''
      const isKnown = (await setting.repositories.catalogue.listPlans()).some(
        (each) => each.slug === slug,
      )
      if (isKnown) return show(c, { problem: PLAN_EXISTS })
      const answer = await perform(c, setting, planCall(form), { form })
      return answer.ok
        ? c.redirect(`${CATALOGUE}/${slug}?done=plan`, 303)
        : show(c, { problem: answer.problem })
    })
}

/** An empty code is passed on as one that the API refuses. */
const inPath = (code: string | undefined) => encodeURIComponent(code || '-')

const featureCall = (form: Form, meter_event_name: string | null): Call => ({
  method: 'PUT',
  path: `/admin/features/${inPath(form['code'])}`,
  body: {
    name: form['name'],
    type: form['type'],
    unit: emptyAsUndefined(form['unit']) ?? null,
    meter_event_name,
  },
})

const planCall = (form: Form): Call => ({
  method: 'PUT',
  path: `/admin/plans/${inPath(form['slug'])}`,
  body: {
    name: form['name'],
    rank: numberOf(form['rank']),
    product_line: emptyAsUndefined(form['product_line']),
    kind: emptyAsUndefined(form['kind']),
    fits: fitsFrom(form),
  },
})
