import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { FeatureEstimate } from '../../domain/usage/estimate.ts'
import { unitAmountText } from '../web/unit-amount.ts'
import type { Visit } from './setting.ts'

type Props = {
  readonly cost: FeatureEstimate
  readonly currency: PlanVersion['price']['currency']
  readonly visit: Visit
}

/** The cost of a feature's usage beyond its limit in the open period, line by line as the invoice will have it. */
export const UsageCost = ({ cost, currency, visit: { texts, format } }: Props) => (
  <details class="cost">
    <summary>
      {texts.costsSoFar(
        format.money(cost.soFar.totalMinor, currency),
        format.money(cost.projectedMinor, currency),
      )}
    </summary>
    <ul>
      {cost.soFar.lines.map(({ quantity, unitAmount, amountMinor }) => (
        <li>
          <span>
            {unitAmount === null
              ? texts.flatCost
              : `${format.number(quantity)} × ${unitAmountText(unitAmount, currency, format.locale)}`}
          </span>
          <span class="amount">{format.money(amountMinor, currency)}</span>
        </li>
      ))}
    </ul>
  </details>
)
