import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import type { Form } from '../web/form.ts'
import { addonField } from '../web/items-form.ts'
import { Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'

type Props = {
  readonly own: Units
  /** The add-ons that the subscription has, and those that it could have. */
  readonly choices: readonly Units[]
  readonly form: Form
}

/** The units of each item before and after the change. */
export const ChangedItems = ({ own, choices, form }: Props) => {
  const items = [
    { ...own, after: Number(form['quantity'] || own.quantity) },
    ...choices.map((units) => ({
      ...units,
      after: Number(form[addonField(units.plan)] ?? units.quantity),
    })),
  ].filter(({ quantity, after }) => quantity > 0 || after > 0)
  return (
    <Card title="Items" id="items">
      <Table
        rows={items}
        empty=""
        columns={[
          { name: 'Item', cell: ({ plan }) => plan.name },
          {
            name: 'Each',
            kind: 'number',
            cell: ({ plan: { price } }) => FORMAT.money(price.amountMinor, price.currency),
          },
          { name: 'Before', kind: 'number', cell: ({ quantity }) => FORMAT.number(quantity) },
          {
            name: 'After',
            kind: 'number',
            cell: ({ quantity, after }) =>
              after === quantity ? FORMAT.number(after) : <strong>{FORMAT.number(after)}</strong>,
          },
        ]}
      />
    </Card>
  )
}
