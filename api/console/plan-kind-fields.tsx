import { fits } from '../../domain/catalogue/addon.ts'
import type { CataloguePlan, PlanDefinition } from '../../domain/catalogue/catalogue.ts'
import { PLAN_KINDS, type PlanKind } from '../../domain/catalogue/plan-kind.ts'
import type { Form } from '../web/form.ts'
import { Select } from './field.tsx'

const KINDS: Record<PlanKind, string> = {
  base: 'Plan: customers subscribe to it',
  addon: 'Add-on: is added to a subscription of a plan',
}

/** The start of the names of the boxes of base plans; a repeated name would only keep the last box. */
const FITS = 'fits_'

/** Whether a plan is one to subscribe to or an add-on. */
export const KindField = ({ id, kind }: { readonly id: string; readonly kind: PlanKind }) => (
  <Select
    id={id}
    name="kind"
    label="Kind"
    options={PLAN_KINDS.map((value) => ({ value, text: KINDS[value] }))}
    selected={kind}
  />
)

type FitsProps = {
  readonly id: string
  /** The plans that an add-on can be added to. */
  readonly bases: readonly CataloguePlan[]
  /** The codes of the chosen ones; null for every plan. */
  readonly chosen: readonly string[] | null
}

/** The plans that an add-on fits. Without a checked box it fits every plan of its product line. */
export const FitsFields = ({ id, bases, chosen }: FitsProps) => (
  <fieldset aria-describedby={`${id}-hint`}>
    <legend>Fits these plans (add-ons only)</legend>
    {bases.map(({ slug, name }) => (
      <label class="choice">
        <input
          type="checkbox"
          name={`${FITS}${slug}`}
          value="yes"
          checked={chosen?.includes(slug) ?? false}
        />
        {name}
      </label>
    ))}
    <p class="hint" id={`${id}-hint`}>
      Check none for every plan of the same product line.
    </p>
  </fieldset>
)

/** The plans that an add-on of a product line can fit. */
export const basesOf = (
  plans: readonly CataloguePlan[],
  { productLine }: Pick<PlanDefinition, 'productLine'>,
): CataloguePlan[] => plans.filter((plan) => fits({ productLine, fits: null }, plan))

/** The codes of the checked plans; null if none is checked. */
export function fitsFrom(form: Form): string[] | null {
  const slugs = Object.keys(form)
    .filter((name) => name.startsWith(FITS))
    .map((name) => name.slice(FITS.length))
  return slugs.length === 0 ? null : slugs
}

/** The plans that an add-on fits, such as `Add-on for Pro, Team`; undefined for a plan that is no add-on. */
export function fitsInWords(
  plan: PlanDefinition,
  plans: readonly Pick<PlanDefinition, 'slug' | 'name'>[],
): string | undefined {
  if (plan.kind === 'base') return undefined
  if (plan.fits === null) return 'Add-on for every paid plan of its product line'
  const names = plan.fits.map((slug) => plans.find((each) => each.slug === slug)?.name ?? slug)
  return `Add-on for ${names.join(', ')}`
}
