import type { CataloguePlan, FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { CallFields, Card } from '../web/parts.tsx'
import { Field, Fold } from './field.tsx'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import { DraftForm } from './draft-form.tsx'
import { VersionTable } from './version-table.tsx'

type Props = {
  readonly plan: CataloguePlan
  readonly features: readonly FeatureDefinition[]
  readonly csrf: string
  readonly outcome: Outcome
}

/** The page of one plan. */
export const PlanView = ({ plan, features, csrf, outcome }: Props) => {
  const path = `/console/catalogue/${plan.slug}`
  const drafts = plan.versions.filter(({ state }) => state === 'draft')
  const base = plan.versions.find(({ active }) => active) ?? plan.versions[0]
  return (
    <>
      <div class="head">
        <div>
          <h1>{plan.name}</h1>
          <p>
            <span class="mono">{plan.slug}</span> · <a href="/console/catalogue">All plans</a>
          </p>
        </div>
        <a class="button" href={`/console/migrations/new?plan=${plan.slug}`}>
          Migrate customers
        </a>
      </div>
      <OutcomeAlert {...outcome} />
      <Card title="Versions" id="versions" aside={<p>Newest first</p>}>
        <VersionTable plan={plan} features={features} csrf={csrf} />
      </Card>
      {drafts.map((draft) => (
        <Card title={`Draft, version ${draft.version}`} id={`draft-${draft.version}`}>
          <Fold title="Edit the draft">
            <DraftForm path={path} base={draft} isEdit features={features} csrf={csrf} />
          </Fold>
        </Card>
      ))}
      <Card title="New price or terms" id="new">
        <Fold title="Create a version" open={plan.versions.length === 0}>
          <DraftForm path={path} base={base} isEdit={false} features={features} csrf={csrf} />
        </Fold>
      </Card>
      <Card title="Plan" id="plan">
        <Fold title="Name and rank">
          <form method="post" action={`${path}/rename`} class="fields form-width">
            <CallFields token={csrf} />
            <Field id="name" label="Name" value={plan.name} maxlength={128} required />
            <Field
              id="rank"
              label="Rank"
              type="number"
              value={String(plan.rank)}
              hint="A change to a plan of higher rank is an upgrade."
              required
            />
            <div>
              <button class="small-button">Save</button>
            </div>
          </form>
        </Fold>
      </Card>
    </>
  )
}
