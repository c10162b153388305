import { Hono, type Context } from 'hono'
import type { CataloguePlan, CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import { CHANGE_TIMES, type ChangeTime } from '../../domain/subscription/plan-change.ts'
import { readForm, type Form } from '../web/form.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Field, Select } from './field.tsx'
import { numberOf } from '../web/form-values.ts'
import { consolePage, FORMAT } from './layout.tsx'
import { perform } from './perform.ts'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { priceOf } from './version-words.ts'

const PATH = '/console/migrations/new'
const WHEN: Record<ChangeTime, string> = {
  period_end: 'At each customer’s next renewal, without extra charges',
  now: 'Now, with charges or credits for the rest of the period',
}

/** Begins a migration with a dry run. The page of migrations shows its result and starts the migration itself. */
export const newMigrationPage = (setting: PageSetting) => {
  async function show(c: Context<ConsoleEnvironment>, slug: string | undefined, outcome: Outcome) {
    const operator = c.get('operator')
    const plans = await setting.repositories.catalogue.listPlans()
    const plan = plans.find((each) => each.slug === slug)
    return c.html(
      consolePage({
        title: 'New migration',
        path: '/console/migrations',
        assets: setting.assets,
        operator,
        children: (
          <>
            <div class="head">
              <div>
                <h1>New migration</h1>
                <p>A dry run comes first: it changes nothing and shows the effect in money.</p>
              </div>
            </div>
            <OutcomeAlert {...outcome} />
            {plan === undefined ? (
              <ChoosePlan plans={plans} />
            ) : (
              <Terms plan={plan} plans={plans} csrf={operator.csrf} />
            )}
          </>
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => show(c, c.req.query('plan'), {}))
    .post(PATH, async (c) => {
      const form = await readForm(c)
      const call = {
        method: 'POST',
        path: '/admin/plan-migrations',
        body: dryRunFrom(form),
      } as const
      const answer = await perform(c, setting, call, { form })
      return answer.ok
        ? c.redirect('/console/migrations?done=dry-run', 303)
        : show(c, form['plan'], { problem: answer.problem })
    })
}

/** A version as one value of a form. The API refuses anything that is none. */
function versionFrom(value: string) {
  const [plan = '', version = ''] = value.split('/')
  return { plan, version: numberOf(version) }
}

const dryRunFrom = (form: Form) => ({
  from: Object.keys(form)
    .filter((name) => name.startsWith('from_'))
    .map((name) => versionFrom(name.slice('from_'.length))),
  to: versionFrom(form['to'] ?? ''),
  when: form['when'],
  canary_percent: numberOf(form['canary_percent']),
  reason: form['reason'],
  dry_run: true,
})

const ChoosePlan = ({ plans }: { readonly plans: readonly CataloguePlan[] }) => (
  <Card title="From which plan?" id="plans">
    {plans.length === 0 ? (
      <p class="empty">There are no plans yet.</p>
    ) : (
      <ul class="places">
        {plans.map(({ slug, name }) => (
          <li>
            <a href={`${PATH}?plan=${slug}`}>{name}</a>
          </li>
        ))}
      </ul>
    )}
  </Card>
)

type TermsProps = {
  readonly plan: CataloguePlan
  readonly plans: readonly CataloguePlan[]
  readonly csrf: string
}

const nameOf = ({ version, ...terms }: CatalogueVersion) =>
  `version ${version}, ${priceOf({ ...terms })}`

const Terms = ({ plan, plans, csrf }: TermsProps) => {
  const sources = plan.versions.filter(({ state }) => state !== 'draft')
  const targets = plans
    .filter(({ productLine }) => productLine === plan.productLine)
    .flatMap(({ name, versions }) =>
      versions
        .filter(({ state, customFor }) => state === 'published' && customFor === null)
        .map((each) => ({
          value: `${each.slug}/${each.version}`,
          text: `${name}, ${nameOf(each)}${each.active ? ' (on sale)' : ''}`,
          isOwnSale: each.slug === plan.slug && each.active,
        })),
    )
  const target = targets.find(({ isOwnSale }) => isOwnSale) ?? targets[0]
  if (sources.length === 0 || target === undefined)
    return (
      <Card title={plan.name} id="terms">
        <p class="empty">This plan has no published version to migrate from or to.</p>
      </Card>
    )
  return (
    <Card title={plan.name} id="terms">
      <form method="post" action={PATH} class="fields form-width">
        <CallFields token={csrf} />
        <input type="hidden" name="plan" value={plan.slug} />
        <Sources sources={sources} target={target.value} />
        <Select id="to" label="To" options={targets} selected={target.value} />
        <Select
          id="when"
          label="When"
          options={CHANGE_TIMES.map((value) => ({ value, text: WHEN[value] }))}
          selected="period_end"
        />
        <Field
          id="canary_percent"
          label="First share, in per cent"
          type="number"
          min="0"
          max="100"
          value="5"
          hint="This share is migrated first and then waits for your approval. 0 migrates all at once."
          required
        />
        <Field id="reason" label="Reason" maxlength={500} required />
        <div>
          <button class="primary">Start dry run</button>
        </div>
      </form>
    </Card>
  )
}

type SourcesProps = { readonly sources: readonly CatalogueVersion[]; readonly target: string }

/** The versions to migrate from. Those with subscriptions are chosen, except the target. */
const Sources = ({ sources, target }: SourcesProps) => (
  <fieldset>
    <legend>From</legend>
    {sources.map((each) => (
      <label class="choice">
        <input
          type="checkbox"
          name={`from_${each.slug}/${each.version}`}
          value="yes"
          checked={each.subscribers > 0 && `${each.slug}/${each.version}` !== target}
        />
        <span>
          {nameOf(each)}{' '}
          <span class="muted">
            {FORMAT.number(each.subscribers)}{' '}
            {each.subscribers === 1 ? 'subscription' : 'subscriptions'}
          </span>
        </span>
      </label>
    ))}
  </fieldset>
)
