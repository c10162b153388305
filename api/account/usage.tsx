import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { FeatureUsage } from '../../domain/usage/repository.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { Badge, Bar, Card } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

type Props = {
  readonly subscription: Subscription
  readonly usage: readonly FeatureUsage[]
  readonly visit: Visit
  readonly nameOf: (code: string) => string
}

/** The usage of each feature, and when it resets. */
export const Usage = ({ subscription, usage, visit, nameOf }: Props) =>
  usage.length === 0 ? (
    <></>
  ) : (
    <Card title={visit.texts.usage} id={`usage-${subscription.id}`}>
      <ul class="usage">
        {usage.map((each) => (
          <Feature {...each} name={nameOf(each.feature.code)} visit={visit} />
        ))}
      </ul>
    </Card>
  )

type FeatureProps = FeatureUsage & { readonly name: string; readonly visit: Visit }

const Feature = ({ feature, counter, name, visit: { texts, format } }: FeatureProps) => {
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
    </li>
  )
}
