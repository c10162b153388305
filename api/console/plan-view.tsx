import type {
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
} from '../../domain/catalogue/catalogue.ts'
import { CallFields, Card } from '../web/parts.tsx'
import { Field, Fold, Select } from './field.tsx'
import { basesOf, FitsFields, fitsInWords, KindField } from './plan-kind-fields.tsx'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { DraftForm, type SentDraft } from './draft-form.tsx'
import { replacedBy } from './reviewed-version.ts'
import { VersionTable } from './version-table.tsx'

/** The plan with its forms. */
export type PlanProps = {
  readonly plan: CataloguePlan
  /** All plans of the catalogue. */
  readonly plans: readonly CataloguePlan[]
  readonly features: readonly FeatureDefinition[]
  readonly csrf: string
  readonly outcome: Outcome
  /** The number of the version that a new one starts from; by default the one on sale. */
  readonly from?: string | undefined
  /** A draft that was sent and is not saved yet, with the version that it edits, if any. */
  readonly sent?: (SentDraft & { readonly edits: number | undefined }) | undefined
}

/** The page of one plan. */
export const PlanView = ({ plan, plans, features, csrf, outcome, from, sent }: PlanProps) => {
  const drafts = plan.versions.filter(({ state }) => state === 'draft')
  const wanted = sent?.form['base'] ?? from
  const base =
    plan.versions.find(({ version }) => String(version) === wanted) ??
    plan.versions.find(({ active }) => active) ??
    plan.versions[0]
  const nameOf = (code: string) => features.find((each) => each.code === code)?.name ?? code
  const addon = fitsInWords(plan, plans)
  const newDraft = sent?.edits === undefined ? sent : undefined
  return (
    <>
      <div class="head">
        <div>
          <h1>{plan.name}</h1>
          <p>
            <span class="mono">{plan.slug}</span> · <a href="/console/catalogue">All plans</a>
          </p>
          {addon !== undefined && <p>{addon}</p>}
        </div>
        {addon === undefined && (
          <a class="button" href={`/console/migrations/new?plan=${plan.slug}`}>
            Migrate customers
          </a>
        )}
      </div>
      <OutcomeAlert {...outcome} />
      <Card title="Versions" id="versions" aside={<p>Newest first</p>}>
        <VersionTable plan={plan} features={features} csrf={csrf} />
      </Card>
      {drafts.map((draft) => (
        <DraftCard
          draft={draft}
          plan={plan}
          features={features}
          csrf={csrf}
          nameOf={nameOf}
          sent={sent?.edits === draft.version ? sent : undefined}
        />
      ))}
      <Card title="New price or terms" id="new">
        <Fold
          title={base === undefined ? 'Create a version' : `Create a version like ${base.version}`}
          open={plan.versions.length === 0 || from !== undefined || newDraft !== undefined}
        >
          <DraftForm
            path={pathOf(plan)}
            base={base}
            isAddon={plan.kind === 'addon'}
            isEdit={false}
            features={features}
            csrf={csrf}
            sent={newDraft}
          />
        </Fold>
      </Card>
      <PlanCard plan={plan} plans={plans} csrf={csrf} />
    </>
  )
}

type DraftCardProps = Pick<PlanProps, 'plan' | 'features' | 'csrf'> & {
  readonly draft: CatalogueVersion
  readonly nameOf: (code: string) => string
  readonly sent: SentDraft | undefined
}

/** A draft: how it differs from the version on sale, and its form. */
const DraftCard = ({ draft, plan, features, csrf, nameOf, sent }: DraftCardProps) => (
  <Card title={`Draft, version ${draft.version}`} id={`draft-${draft.version}`}>
    <DifferenceTable onSale={replacedBy(plan, draft)} draft={draft} nameOf={nameOf} />
    <Fold title="Edit the draft" open={sent !== undefined}>
      <DraftForm
        path={pathOf(plan)}
        base={draft}
        isAddon={plan.kind === 'addon'}
        isEdit
        features={features}
        csrf={csrf}
        sent={sent}
      />
    </Fold>
  </Card>
)

/** The name of the plan, and its place among the others. */
const PlanCard = ({ plan, plans, csrf }: Pick<PlanProps, 'plan' | 'plans' | 'csrf'>) => (
  <Card title="Plan" id="plan">
    <Fold title={plan.kind === 'addon' ? 'Name, rank and plans it fits' : 'Name and rank'}>
      <form method="post" action={`${pathOf(plan)}/rename`} class="fields form-width">
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
        {plan.kind === 'base' && (
          <Select
            id="auto_attach"
            label="Begins by itself"
            options={[
              { value: 'no', text: 'No: customers choose it' },
              { value: 'yes', text: 'Yes: customers without a subscription have it' },
            ]}
            selected={plan.autoAttach ? 'yes' : 'no'}
          />
        )}
        {!isPublished(plan) && <KindField id="kind" kind={plan.kind} />}
        {(plan.kind === 'addon' || !isPublished(plan)) && (
          <>
            <input type="hidden" name="has_fits" value="yes" />
            <FitsFields
              id="fits"
              bases={basesOf(plans, plan).filter(({ slug }) => slug !== plan.slug)}
              chosen={plan.fits}
            />
          </>
        )}
        <div>
          <button class="small-button">Save</button>
        </div>
      </form>
    </Fold>
  </Card>
)

/** The kind is fixed once a version was published. */
const isPublished = ({ versions }: CataloguePlan): boolean =>
  versions.some(({ state }) => state !== 'draft')

const pathOf = ({ slug }: CataloguePlan): string => `/console/catalogue/${slug}`
