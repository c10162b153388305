import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import { QUANTITY_MAX } from '../plans/fields.ts'
import { addonField } from '../web/items-form.ts'
import { ActionForm, When, type ActionsProps } from './action-form.tsx'
import { Field, Fold } from './field.tsx'
import { FORMAT } from './layout.tsx'

/** The units of the plan and of each add-on, changed as one. Nothing is shown without add-ons: the plan's form has its quantity. */
export const ChangeItems = (props: ActionsProps) => {
  const { addonChoices, plan, subscription } = props.details
  if (addonChoices.length === 0) return <></>
  return (
    <Fold title="Change add-ons and quantity">
      <ActionForm {...props} act="change-items" submit="Review change" tone="primary">
        <UnitsField
          id="items_quantity"
          name="quantity"
          min="1"
          units={{ plan, quantity: subscription.quantity }}
        />
        {addonChoices.map((units) => (
          <UnitsField
            id={`items_${units.plan.slug}`}
            name={addonField(units.plan)}
            min="0"
            units={units}
          />
        ))}
        <When id="items_when" usual="More now, less later" less="less" />
      </ActionForm>
    </Fold>
  )
}

type UnitsProps = {
  readonly id: string
  readonly name: string
  readonly min: '0' | '1'
  readonly units: Units
}

/** The units of one item, with the price of each. */
const UnitsField = ({ id, name, min, units: { plan, quantity } }: UnitsProps) => (
  <Field
    id={id}
    name={name}
    type="number"
    label={plan.name}
    min={min}
    max={String(QUANTITY_MAX)}
    value={String(quantity)}
    hint={`${FORMAT.money(plan.price.amountMinor, plan.price.currency)} each${min === '0' ? '; 0 for none' : ''}`}
    required
  />
)
