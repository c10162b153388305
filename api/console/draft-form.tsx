import type { CatalogueVersion, FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { PERIOD_MAX, PERIOD_UNITS, spanOf } from '../../domain/catalogue/period.ts'
import { TRIAL_DAYS_MAX } from '../../domain/catalogue/terms.ts'
import { titleOf } from '../web/format.ts'
import { CallFields } from '../web/parts.tsx'
import { amountText } from './amount.ts'
import { Field, Select } from './field.tsx'
import { includes, limitOf } from './version-form.ts'

type Props = {
  /** The page of the plan. */
  readonly path: string
  /** The version that the fields start from. */
  readonly base: CatalogueVersion | undefined
  /** Whether the form changes `base`; otherwise it creates a version. */
  readonly isEdit: boolean
  readonly features: readonly FeatureDefinition[]
  readonly csrf: string
}

/** The price and the limits of a draft. */
export const DraftForm = ({ path, base, isEdit, features, csrf }: Props) => {
  const of = isEdit ? `edit-${base?.version}` : 'new'
  const { priceMinor = null, currency = null } = base ?? {}
  return (
    <form method="post" action={`${path}/versions`} class="fields">
      <CallFields token={csrf} />
      {base !== undefined && <input type="hidden" name="base" value={String(base.version)} />}
      {isEdit && <input type="hidden" name="edit" value="yes" />}
      <div class="field-row">
        <Field
          id={`${of}-price`}
          name="price"
          label="Price"
          inputmode="decimal"
          value={priceMinor === null ? '' : amountText(priceMinor, currency ?? 'usd')}
          hint="0 for a free plan."
          required
        />
        <Field
          id={`${of}-currency`}
          name="currency"
          label="Currency"
          value={currency ?? 'usd'}
          maxlength={3}
          required
        />
        <PeriodFields of={of} base={base} />
        <Field
          id={`${of}-trial`}
          name="trial_days"
          label="Trial, in days"
          type="number"
          min="0"
          max={String(TRIAL_DAYS_MAX)}
          value={String(base?.trialDays ?? 0)}
        />
      </div>
      <fieldset>
        <legend>Features</legend>
        <div class="limits">
          {features.map((feature) => (
            <FeatureFields of={of} feature={feature} base={base} />
          ))}
        </div>
      </fieldset>
      <div>
        <button class="primary">{isEdit ? 'Save draft' : 'Create draft'}</button>
      </div>
    </form>
  )
}

/** How often the price is charged: a count and its unit. */
const PeriodFields = ({ of, base }: Pick<Props, 'base'> & { readonly of: string }) => {
  const { every, unit } = spanOf(base?.period ?? 'monthly')
  return (
    <>
      <Field
        id={`${of}-every`}
        name="every"
        label="Charged every"
        type="number"
        min="1"
        max={String(PERIOD_MAX.day)}
        value={String(every)}
        required
      />
      <Select
        id={`${of}-unit`}
        name="unit"
        label="Unit"
        options={PERIOD_UNITS.map((value) => ({ value, text: titleOf(value) }))}
        selected={unit}
      />
    </>
  )
}

type FeatureProps = Pick<Props, 'base'> & {
  readonly of: string
  readonly feature: FeatureDefinition
}

const FeatureFields = ({ of, feature: { code, name, type, unit }, base }: FeatureProps) => {
  const terms = base?.features.find((each) => each.code === code)
  const id = `${of}-${code}`
  return (
    <div>
      <label class="choice" for={id}>
        <input
          id={id}
          type="checkbox"
          name={includes(code)}
          value="yes"
          checked={terms !== undefined}
        />
        {name}
      </label>
      {type !== 'boolean' && (
        <input
          name={limitOf(code)}
          type="number"
          min="0"
          value={terms?.quotaLimit === null ? '' : terms && String(terms.quotaLimit)}
          placeholder="Unlimited"
          aria-label={`Limit of ${name}${unit === null ? '' : `, in ${unit}`}`}
        />
      )}
    </div>
  )
}
