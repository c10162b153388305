import { FOREVER } from '../../domain/usage/quota-window.ts'
import { Badge, Bar, Card } from '../web/parts.tsx'
import { Chart } from './chart.tsx'
import { FORMAT } from './layout.tsx'
import type { SubscriptionDetails } from './details.ts'

/** The features of the plan, and how much of each is used. */
export const Usage = ({
  details: { usage, nameOf },
}: {
  readonly details: SubscriptionDetails
}) => (
  <Card title="Entitlements" id="usage">
    {usage.length === 0 ? (
      <p class="empty">This plan has no features.</p>
    ) : (
      <ul class="usage">
        {usage.map(({ feature, counter }) => {
          const name = nameOf(feature.code)
          if (feature.type === 'boolean')
            return (
              <li>
                <div>
                  <span>{name}</span>
                  <Badge tone="ok">On</Badge>
                </div>
              </li>
            )
          const used = counter?.usedAmount ?? 0
          const limit = counter === null ? feature.quotaLimit : counter.quotaLimit
          return (
            <li>
              <div>
                <span>{name}</span>
                <span class="amount">
                  {FORMAT.number(used)}{' '}
                  {limit === null ? 'used · unlimited' : `of ${FORMAT.number(limit)}`}
                </span>
              </div>
              {limit !== null && <Bar used={used} limit={limit} label={name} />}
              <p>{counter === null ? 'No usage yet' : detailsOf(counter)}</p>
            </li>
          )
        })}
      </ul>
    )}
  </Card>
)

type UsageCounter = NonNullable<SubscriptionDetails['usage'][number]['counter']>

function detailsOf(counter: UsageCounter): string {
  const { windowEnd, held, granted, overage, rolledOver } = {
    ...counter,
    granted: counter.grantedRemaining,
  }
  const amounts = [
    [rolledOver, 'rolled over'],
    [granted, 'left from grants'],
    [held, 'reserved'],
    [overage, 'over the limit'],
  ] as const
  return [
    windowEnd >= FOREVER ? 'Never resets' : `Resets ${FORMAT.dateTime(windowEnd)}`,
    ...amounts
      .filter(([amount]) => amount > 0)
      .map(([amount, name]) => `${FORMAT.number(amount)} ${name}`),
  ].join(' · ')
}

/** The usage of one feature by day. */
export const UsageHistory = ({ details }: { readonly details: SubscriptionDetails }) => {
  const { charted, history, usage, nameOf, subscription } = details
  if (charted === undefined) return <></>
  const counted = usage.filter(({ feature }) => feature.type !== 'boolean')
  return (
    <Card title={`${nameOf(charted.code)} by day`} id="history" aside={<p>Last 30 days, in UTC</p>}>
      {counted.length > 1 && (
        <nav class="nav" aria-label="Feature of the chart">
          {counted.map(({ feature }) => (
            <a
              href={`/console/subscriptions/${subscription.id}?feature=${encodeURIComponent(feature.code)}#history`}
              {...(feature.code === charted.code && { 'aria-current': 'true' })}
            >
              {nameOf(feature.code)}
            </a>
          ))}
        </nav>
      )}
      <Chart
        label="Usage by day"
        series={[{ name: 'Used', draw: 'bars' }]}
        days={history.map(({ startsAt, usedAmount }) => ({ at: startsAt, values: [usedAmount] }))}
      />
    </Card>
  )
}
