import type { FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import type { DraftAt } from './draft-at.ts'
import { Field, FieldError, Select } from './field.tsx'
import { UsagePriceFields } from './usage-price-fields.tsx'
import { fieldsOfFeature } from './version-fields.ts'

const BEYOND = [
  { value: 'refuse', text: 'Refuse more' },
  { value: 'allow', text: 'Allow more' },
  { value: 'bill', text: 'Charge more' },
] as const

const PER_UNIT = [
  { value: 'no', text: 'For the subscription' },
  { value: 'yes', text: 'For each unit bought' },
] as const

type Props = { readonly feature: FeatureDefinition; readonly at: DraftAt }

/** One feature of a draft: whether it is included, how much of it, and what happens beyond the limit. */
export const DraftFeature = ({ feature, at }: Props) => {
  const { code, name, type } = feature
  const of = fieldsOfFeature(code)
  const id = `${at.of}-${code}`
  const error = at.errors.get(of.included)
  return (
    <div class="draft-feature" id={`${id}-feature`}>
      <div>
        <label class="choice" for={id}>
          <input
            id={id}
            type="checkbox"
            name={of.included}
            value="yes"
            checked={at.form[of.included] !== undefined}
            {...(error !== undefined && { 'aria-describedby': `${id}-error` })}
          />
          {name}
        </label>
        <FieldError id={id} error={error} />
      </div>
      {type !== 'boolean' && <LimitFields feature={feature} at={at} />}
      {type === 'metered' && <UsagePriceFields feature={feature} at={at} />}
    </div>
  )
}

const LimitFields = ({ feature: { code, name, type, unit }, at }: Props) => {
  const of = fieldsOfFeature(code)
  const inUnits = unit === null ? '' : `, in units of ${unit}`
  return (
    <div class="field-row" role="group" aria-label={`Limit of ${name}`}>
      <Field
        id={`${at.of}-${of.limit}`}
        name={of.limit}
        label={`Limit${inUnits}`}
        type="number"
        min="0"
        placeholder="Unlimited"
        value={at.form[of.limit]}
        error={at.errors.get(of.limit)}
      />
      <Select
        id={`${at.of}-${of.perUnit}`}
        name={of.perUnit}
        label="The limit is"
        options={PER_UNIT}
        selected={at.form[of.perUnit]}
        error={at.errors.get(of.perUnit)}
      />
      {type === 'metered' && (
        <Select
          id={`${at.of}-${of.beyond}`}
          name={of.beyond}
          label="Beyond the limit"
          options={BEYOND}
          selected={at.form[of.beyond]}
          error={at.errors.get(of.beyond)}
        />
      )}
    </div>
  )
}
