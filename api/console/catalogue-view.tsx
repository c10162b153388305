import type { CataloguePlan, FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { FEATURE_TYPES, type FeatureType } from '../../domain/catalogue/plan.ts'
import { Badge, CallFields, Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { Confirm } from './confirm.tsx'
import { Field, Fold, Select } from './field.tsx'
import { FORMAT } from './layout.tsx'
import { FitsFields, fitsInWords, KindField } from './plan-kind-fields.tsx'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import { priceOf } from './version-words.ts'

const TYPES: Record<FeatureType, string> = {
  boolean: 'On or off',
  metered: 'Used up, and counted again each period',
  allocated: 'Held, such as seats',
}

type Props = {
  readonly features: readonly FeatureDefinition[]
  readonly plans: readonly CataloguePlan[]
  readonly csrf: string
  readonly outcome: Outcome
}

/** The plans and the features that they grant. */
export const CatalogueView = ({ features, plans, csrf, outcome }: Props) => (
  <>
    <div class="head">
      <div>
        <h1>Catalogue</h1>
        <p>A published version never changes. Customers keep theirs until you migrate them.</p>
      </div>
    </div>
    <OutcomeAlert {...outcome} />
    <Card title="Plans" id="plans">
      <Plans plans={plans} />
      <Fold title="Add a plan" open={plans.length === 0}>
        <form method="post" action="/console/catalogue/plans" class="fields form-width">
          <CallFields token={csrf} />
          <NewPlan plans={plans} />
        </form>
      </Fold>
    </Card>
    <Card title="Features" id="features">
      <Features features={features} csrf={csrf} />
      <Fold title="Add a feature" open={features.length === 0}>
        <form method="post" action="/console/catalogue/features" class="fields form-width">
          <CallFields token={csrf} />
          <NewFeature />
        </form>
      </Fold>
    </Card>
  </>
)

const Plans = ({ plans }: Pick<Props, 'plans'>) => (
  <Table
    rows={plans}
    empty="No plans yet."
    columns={[
      {
        name: 'Plan',
        class: 'user',
        cell: (plan) => <PlanName plan={plan} plans={plans} />,
      },
      {
        name: 'On sale',
        cell: ({ versions }) => {
          const onSale = versions.filter((each) => each.active && each.customFor === null)
          return onSale.length === 0 ? (
            <Badge tone="plain">Not on sale</Badge>
          ) : (
            onSale.map((each) => `${priceOf(each)} (version ${each.version})`).join(', ')
          )
        },
      },
      {
        name: 'Drafts',
        kind: 'number',
        cell: ({ versions }) =>
          FORMAT.number(versions.filter(({ state }) => state === 'draft').length),
      },
      {
        name: 'Subscriptions',
        kind: 'number',
        cell: ({ versions }) =>
          FORMAT.number(versions.reduce((sum, { subscribers }) => sum + subscribers, 0)),
      },
      { name: 'Rank', kind: 'number', cell: ({ rank }) => FORMAT.number(rank) },
    ]}
  />
)

type PlanNameProps = { readonly plan: CataloguePlan } & Pick<Props, 'plans'>

const PlanName = ({ plan, plans }: PlanNameProps) => {
  const addon = fitsInWords(plan, plans)
  return (
    <>
      <a href={`/console/catalogue/${plan.slug}`}>{plan.name}</a>
      <br />
      <span class="muted mono">{plan.slug}</span>
      {addon !== undefined && <p class="muted small">{addon}</p>}
    </>
  )
}

const NewPlan = ({ plans }: Pick<Props, 'plans'>) => (
  <>
    <Field
      id="plan_name"
      name="name"
      label="Name"
      hint="Customers see it."
      maxlength={128}
      required
    />
    <Field
      id="slug"
      label="Code"
      hint="For programs, such as plan_pro. It cannot change later."
      maxlength={64}
      required
    />
    <Field
      id="rank"
      label="Rank"
      type="number"
      hint="A change to a plan of higher rank is an upgrade."
      required
    />
    <Field
      id="product_line"
      label="Product line"
      hint="A customer has one subscription in each. Leave empty for the main one."
    />
    <KindField id="kind" kind="base" />
    <FitsFields id="fits" bases={plans.filter(({ kind }) => kind === 'base')} chosen={null} />
    <div>
      <button class="primary">Add plan</button>
    </div>
  </>
)

const Features = ({ features, csrf }: Pick<Props, 'features' | 'csrf'>) => (
  <Table
    rows={features}
    empty="No features yet."
    columns={[
      {
        name: 'Feature',
        class: 'user',
        cell: ({ code, name }) => (
          <>
            {name}
            <br />
            <span class="muted mono">{code}</span>
          </>
        ),
      },
      { name: 'Type', cell: ({ type }) => TYPES[type] },
      { name: 'Unit', cell: ({ unit }) => unit ?? '' },
      {
        name: 'Actions',
        kind: 'action',
        cell: (feature) => <FeatureActions feature={feature} csrf={csrf} />,
      },
    ]}
  />
)

type FeatureProps = { readonly feature: FeatureDefinition; readonly csrf: string }

const FeatureActions = ({ feature: { code, name, unit, type }, csrf }: FeatureProps) => (
  <div class="row-actions">
    <Fold title="Rename">
      <form method="post" action="/console/catalogue/features" class="fields">
        <CallFields token={csrf} />
        <input type="hidden" name="code" value={code} />
        <input type="hidden" name="edit" value="yes" />
        <input type="hidden" name="type" value={type} />
        <Field id={`name-${code}`} name="name" label="Name" value={name} required />
        <Field id={`unit-${code}`} name="unit" label="Unit" value={unit ?? ''} />
        <div>
          <button class="small-button">Save {name}</button>
        </div>
      </form>
    </Fold>
    <Fold title="Delete">
      <form method="post" action={`/console/catalogue/features/${code}/delete`} class="fields">
        <CallFields token={csrf} />
        <Confirm>This cannot be undone. Features that a version grants cannot be deleted.</Confirm>
        <div>
          <button class="small-button danger">Delete {name}</button>
        </div>
      </form>
    </Fold>
  </div>
)

const NewFeature = () => (
  <>
    <Field id="feature_name" name="name" label="Name" maxlength={128} required />
    <Field
      id="code"
      label="Code"
      hint="Your application counts usage under it, such as messages_sent."
      maxlength={64}
      required
    />
    <Select
      id="type"
      label="Type"
      options={FEATURE_TYPES.map((value) => ({ value, text: TYPES[value] }))}
      selected="metered"
    />
    <Field id="unit" label="Unit" hint="Such as messages. May be empty." maxlength={128} />
    <div>
      <button class="primary">Add feature</button>
    </div>
  </>
)
