import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { FeatureEstimate, UsageEstimate } from '../../domain/usage/estimate.ts'
import type { FeatureUsage } from '../../domain/usage/repository.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { Badge, Bar, Card } from '../web/parts.tsx'
import type { Visit } from './setting.ts'
import { UsageCost } from './usage-cost.tsx'

type Props = {
  readonly subscription: Subscription
  readonly usage: readonly FeatureUsage[]
  readonly plan: PlanVersion
  readonly estimate: UsageEstimate | null
  readonly visit: Visit
  readonly nameOf: (code: string) => string
}

/** The usage of each feature, and when it resets. */
export const Usage = ({ subscription, usage, plan, estimate, visit, nameOf }: Props) =>
  usage.length === 0 ? (
    <></>
  ) : (
    <Card title={visit.texts.usage} id={`usage-${subscription.id}`}>
      <ul class="usage">
        {usage.map((each) => (
          <Feature
            {...each}
            name={nameOf(each.feature.code)}
            visit={visit}
            cost={costOf(each.feature.code, estimate)}
            currency={plan.price.currency}
          />
        ))}
      </ul>
    </Card>
  )

/** The cost of a feature's usage beyond its limit; undefined while there is none. */
const costOf = (code: string, estimate: UsageEstimate | null): FeatureEstimate | undefined =>
  estimate?.features.find(
    (each) => each.code === code && (each.quantity > 0 || each.projectedQuantity > 0),
  )

type FeatureProps = FeatureUsage & {
  readonly name: string
  readonly visit: Visit
  readonly cost: FeatureEstimate | undefined
  readonly currency: string
}

const Feature = ({ feature, counter, name, cost, currency, visit }: FeatureProps) => {
  const { texts, format } = visit
  if (feature.type === 'boolean')
    return (
      <li>
        <div>
          <span>{name}</span>
          <Badge tone="ok">{texts.included}</Badge>
        </div>
      </li>
    )
  const used = counter?.usedAmount ?? 0
  const limit = counter === null ? feature.quotaLimit : counter.quotaLimit
  const notes = [
    ...(counter === null
      ? []
      : [
          counter.windowEnd >= FOREVER
            ? texts.neverResets
            : texts.resets(format.dateTime(counter.windowEnd)),
        ]),
    ...(counter !== null && counter.grantedRemaining > 0
      ? [texts.extra(format.number(counter.grantedRemaining))]
      : []),
  ]
  return (
    <li>
      <div>
        <span>{name}</span>
        <span class="amount">
          {limit === null
            ? texts.usedUnlimited(format.number(used))
            : texts.used(format.number(used), format.number(limit))}
        </span>
      </div>
      {limit !== null && <Bar used={used} limit={limit} label={name} />}
      {notes.length > 0 && <p>{notes.join(' · ')}</p>}
      {cost && <UsageCost cost={cost} currency={currency} visit={visit} />}
    </li>
  )
}
