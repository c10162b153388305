import type { CatalogueVersion, FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { PERIOD_MAX, PERIOD_UNITS } from '../../domain/catalogue/period.ts'
import { TRIAL_DAYS_MAX } from '../../domain/catalogue/terms.ts'
import type { Form } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import { CallFields } from '../web/parts.tsx'
import type { DraftAt } from './draft-at.ts'
import { DraftFeature } from './draft-feature.tsx'
import { Field, Select } from './field.tsx'
import type { FieldErrors } from './usage-price-form.ts'
import { formOf } from './version-fields.ts'

/** A form that was sent, and is shown again to continue with. */
export type SentDraft = {
  readonly form: Form
  readonly errors: FieldErrors
  /** The field that gets the focus. */
  readonly focus: string | undefined
}

type Props = {
  /** The page of the plan. */
  readonly path: string
  /** The version that the fields start from. */
  readonly base: CatalogueVersion | undefined
  /** An add-on has no trial. */
  readonly isAddon: boolean
  /** Whether the form changes `base`; otherwise it creates a version. */
  readonly isEdit: boolean
  readonly features: readonly FeatureDefinition[]
  readonly csrf: string
  readonly sent: SentDraft | undefined
}

const NO_ERRORS: FieldErrors = new Map()

/** Price, period, limits and usage prices of a draft. */
export const DraftForm = ({ path, base, isAddon, isEdit, features, csrf, sent }: Props) => {
  const of = isEdit ? `edit-${base?.version}` : 'new'
  const { form, errors, focus } = sent ?? {
    form: formOf(base),
    errors: NO_ERRORS,
    focus: undefined,
  }
  const at = { of, form, errors, focus }
  return (
    <form method="post" action={`${path}/versions`} class="fields">
      {/* The Enter key presses the first button of a form: without this one it would add a tier. */}
      <button class="default-button" tabindex={-1} aria-hidden="true" />
      <CallFields token={csrf} />
      {base !== undefined && <input type="hidden" name="base" value={String(base.version)} />}
      {isEdit && <input type="hidden" name="edit" value="yes" />}
      <PriceFields at={at} isAddon={isAddon} />
      <fieldset>
        <legend>Features</legend>
        <div class="draft-features">
          {features.map((feature) => (
            <DraftFeature feature={feature} at={at} />
          ))}
        </div>
      </fieldset>
      <div>
        <button class="primary">{isEdit ? 'Save draft' : 'Create draft'}</button>
      </div>
    </form>
  )
}

/** Price, period and trial. */
const PriceFields = ({ at, isAddon }: { readonly at: DraftAt; readonly isAddon: boolean }) => {
  const field = (name: string) => ({
    id: `${at.of}-${name}`,
    name,
    value: at.form[name],
    error: at.errors.get(name),
  })
  return (
    <div class="field-row">
      <Field
        {...field('price')}
        label="Price"
        inputmode="decimal"
        hint={isAddon ? 'For one unit.' : '0 for a free plan.'}
        required
      />
      <Field
        {...field('currency')}
        label="Currency"
        maxlength={3}
        hint="One version for each currency."
        required
      />
      <Field
        {...field('every')}
        label="Charged every"
        type="number"
        min="1"
        max={String(PERIOD_MAX.day)}
        required
      />
      <Select
        id={`${at.of}-unit`}
        name="unit"
        label="Unit"
        options={PERIOD_UNITS.map((value) => ({ value, text: titleOf(value) }))}
        selected={at.form['unit']}
      />
      {!isAddon && (
        <Field
          {...field('trial_days')}
          label="Trial, in days"
          type="number"
          min="0"
          max={String(TRIAL_DAYS_MAX)}
        />
      )}
    </div>
  )
}
