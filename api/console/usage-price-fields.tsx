import type { FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { TIERS_MAX } from '../../domain/catalogue/usage-price-problems.ts'
import type { DraftAt } from './draft-at.ts'
import { Field, Select } from './field.tsx'
import { fieldsOfFeature, tiersShown } from './version-fields.ts'

const MODELS = [
  { value: '', text: 'None' },
  { value: 'per_unit', text: 'For each unit' },
  { value: 'package', text: 'For each package' },
  { value: 'graduated', text: 'Tiers, each unit at its own' },
  { value: 'volume', text: 'Tiers, all units at the last' },
] as const

const ROUND = [
  { value: 'up', text: 'Charge it' },
  { value: 'down', text: 'Leave it out' },
] as const

type Props = { readonly feature: FeatureDefinition; readonly at: DraftAt }

/** The price of usage beyond the limit. Fields that the chosen model does not need are hidden by the style sheet. */
export const UsagePriceFields = ({ feature, at }: Props) => {
  const of = fieldsOfFeature(feature.code)
  const model = at.form[of.model] ?? ''
  return (
    <div class="usage-price" role="group" aria-label={`Usage price of ${feature.name}`}>
      <div class="field-row">
        <Select
          id={`${at.of}-${of.model}`}
          name={of.model}
          label="Usage price"
          options={MODELS}
          selected={model}
          error={at.errors.get(of.model)}
        />
        <div class="of-amount">
          <Text at={at} name={of.amount} label="Amount" inputmode="decimal" />
        </div>
        <div class="of-package">
          <Text at={at} name={of.packageSize} label="Units in a package" type="number" min="1" />
        </div>
        <div class="of-package">
          <Select
            id={`${at.of}-${of.round}`}
            name={of.round}
            label="A begun package"
            options={ROUND}
            selected={at.form[of.round]}
            error={at.errors.get(of.round)}
          />
        </div>
      </div>
      <div class="of-tiers">
        <Tiers feature={feature} at={at} />
      </div>
    </div>
  )
}

const Tiers = ({ feature: { code, name }, at }: Props) => {
  const of = fieldsOfFeature(code)
  const count = tiersShown(at.form, code)
  return (
    <>
      <input type="hidden" name={of.tiers} value={String(count)} />
      {Array.from({ length: count }, (_, index) => {
        const row = of.tier(index)
        const tier = `${name}, tier ${index + 1}`
        return (
          <div class="tier" role="group" aria-label={tier}>
            <Text
              at={at}
              name={row.upTo}
              label="Up to"
              type="number"
              min="1"
              placeholder="No end"
            />
            <Text at={at} name={row.amount} label="For each unit" inputmode="decimal" />
            <Text at={at} name={row.flat} label="Once" inputmode="decimal" placeholder="0" />
            <button
              class="small-button quiet"
              name="remove_tier"
              value={`${index}_${code}`}
              formnovalidate
              aria-label={`Remove ${tier}`}
            >
              Remove
            </button>
          </div>
        )
      })}
      {count < TIERS_MAX && (
        <button
          class="small-button"
          name="add_tier"
          value={code}
          formnovalidate
          aria-label={`Add a tier of ${name}`}
        >
          Add a tier
        </button>
      )}
    </>
  )
}

type TextProps = Pick<Props, 'at'> & {
  readonly name: string
  readonly label: string
  readonly type?: string
  readonly min?: string
  readonly placeholder?: string
  readonly inputmode?: 'decimal'
}

const Text = ({ at, name, ...rest }: TextProps) => (
  <Field
    id={`${at.of}-${name}`}
    name={name}
    value={at.form[name]}
    error={at.errors.get(name)}
    autofocus={at.focus === name}
    {...rest}
  />
)
