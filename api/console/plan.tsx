import { Hono, type Context, type Handler } from 'hono'
import type { CataloguePlan, CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import { SLUG } from '../../domain/catalogue/terms.ts'
import { readFeatureNames } from '../web/feature-names.ts'
import { readForm, type Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { emptyAsUndefined, numberOf } from '../web/form-values.ts'
import { consolePage } from './layout.tsx'
import { isConfirmed, NOT_CONFIRMED } from './operator-actions.ts'
import { perform } from './perform.ts'
import { fitsFrom, fitsInWords } from './plan-kind-fields.tsx'
import { PlanView, type PlanProps } from './plan-view.tsx'
import { PublishReview } from './publish-review.tsx'
import type { Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { reviewedOf } from './reviewed-version.ts'
import { isVersionAction, VERSION_ACTIONS, type VersionAction } from './version-actions.ts'
import { saveDraft, versionOf } from './save-draft.ts'

const PLAN = '/console/catalogue/:slug'
const DONE: Readonly<Record<string, string>> = {
  plan: 'The plan is saved.',
  draft: 'The draft is saved. Customers do not see it before it is published.',
}

/** One plan: its versions, new prices, and publishing them after a review. */
export const planPage = (setting: PageSetting, notFound: Handler<ConsoleEnvironment>) => {
  const { find, show, run } = planAnswers(setting)
  return new Hono<ConsoleEnvironment>()
    .get(PLAN, async (c, next) => {
      const plan = await find(c.req.param('slug'))
      if (plan === undefined) return notFound(c, next)
      const done = c.req.query('done') ?? ''
      return show(c, plan, {
        done: isVersionAction(done) ? VERSION_ACTIONS[done].done : DONE[done],
        from: c.req.query('from'),
      })
    })
    .post(`${PLAN}/rename`, async (c, next) => {
      const plan = await find(c.req.param('slug'))
      if (plan === undefined) return notFound(c, next)
      const form = await readForm(c)
      const answer = await perform(c, setting, renaming(plan, form), { form })
      return answer.ok
        ? c.redirect(`/console/catalogue/${plan.slug}?done=plan`, 303)
        : show(c, plan, { problem: answer.problem })
    })
    .post(`${PLAN}/versions`, async (c, next) => {
      const plan = await find(c.req.param('slug'))
      if (plan === undefined) return notFound(c, next)
      return saveDraft(c, setting, plan, (again) => show(c, plan, again))
    })
    .post(`${PLAN}/versions/:version/:action`, async (c, next) => {
      const plan = await find(c.req.param('slug'))
      const version = plan && versionOf(plan, c.req.param('version'))
      const action = c.req.param('action')
      if (plan === undefined || version === undefined || !isVersionAction(action))
        return notFound(c, next)
      return run(c, plan, version, action)
    })
}

/** The answers of the page, by what was asked for. */
function planAnswers(setting: PageSetting) {
  const find = (slug: string) =>
    SLUG.test(slug) ? setting.repositories.catalogue.findPlan(slug) : undefined

  async function show(
    c: Context<ConsoleEnvironment>,
    plan: CataloguePlan,
    outcome: Outcome & Pick<PlanProps, 'from' | 'sent'>,
  ) {
    const operator = c.get('operator')
    const { catalogue } = setting.repositories
    const [features, plans] = await Promise.all([catalogue.listFeatures(), catalogue.listPlans()])
    const current = plans.find(({ slug }) => slug === plan.slug) ?? plan
    return c.html(
      consolePage({
        title: plan.name,
        path: '/console/catalogue',
        assets: setting.assets,
        operator,
        children: (
          <PlanView
            plan={current}
            plans={plans}
            features={features}
            csrf={operator.csrf}
            outcome={outcome}
            from={outcome.from}
            sent={outcome.sent}
          />
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  async function run(
    c: Context<ConsoleEnvironment>,
    plan: CataloguePlan,
    version: CatalogueVersion,
    action: VersionAction,
  ) {
    const form = await readForm(c)
    const { call, needsConfirmation } = VERSION_ACTIONS[action]
    if (action === 'publish' && !isConfirmed(form)) return review(c, setting, plan, version)
    if (needsConfirmation && !isConfirmed(form)) return show(c, plan, { problem: NOT_CONFIRMED })
    if (action === 'publish' && isStale(plan, version, form))
      return show(c, plan, { problem: STALE })
    const answer = await perform(c, setting, call(version), { form })
    return answer.ok
      ? c.redirect(`/console/catalogue/${plan.slug}?done=${action}`, 303)
      : show(c, plan, { problem: answer.problem })
  }

  return { find, show, run }
}

/** Shows the differences from the version on sale. */
async function review(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  plan: CataloguePlan,
  draft: CatalogueVersion,
) {
  const operator = c.get('operator')
  const [nameOf, plans] = await Promise.all([
    readFeatureNames(setting.repositories),
    setting.repositories.catalogue.listPlans(),
  ])
  return c.html(
    consolePage({
      title: 'Review version',
      path: '/console/catalogue',
      assets: setting.assets,
      operator,
      children: (
        <PublishReview
          plan={plan}
          addon={fitsInWords(plan, plans)}
          draft={draft}
          nameOf={nameOf}
          csrf={operator.csrf}
        />
      ),
    }),
  )
}

const STALE =
  'The draft or the version on sale has changed. Nothing was published: review it again.'

/** Whether the draft or the version on sale differ from those of the review. */
const isStale = (plan: CataloguePlan, draft: CatalogueVersion, form: Form): boolean =>
  form['reviewed'] !== reviewedOf(plan, draft)

/** Which plans an add-on fits is part of its form; a plan to subscribe to keeps what it has: nothing. */
const renaming = ({ slug, productLine, kind, fits, autoAttach }: CataloguePlan, form: Form) =>
  ({
    method: 'PUT',
    path: `/admin/plans/${slug}`,
    body: {
      name: form['name'],
      rank: numberOf(emptyAsUndefined(form['rank'])),
      product_line: productLine,
      kind: emptyAsUndefined(form['kind']) ?? kind,
      fits: form['has_fits'] === undefined ? fits : fitsFrom(form),
      auto_attach: form['auto_attach'] === undefined ? autoAttach : form['auto_attach'] === 'yes',
    },
  }) as const
