import { FOREVER } from '../../domain/usage/quota-window.ts'
import { Badge, Bar, Card } from '../web/parts.tsx'
import { Chart } from './chart.tsx'
import { FORMAT } from './layout.tsx'
import type { Reading } from './reading.ts'

/** What the plan entitles to, and how much of it is used. */
export const Usage = ({ reading: { usage, nameOf } }: { readonly reading: Reading }) => (
  <Card title="Entitlements" id="usage">
    {usage.length === 0 ? (
      <p class="empty">The plan grants no feature.</p>
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
                  {FORMAT.number(used)} of {limit === null ? 'unlimited' : FORMAT.number(limit)}
                </span>
              </div>
              {limit !== null && <Bar used={used} limit={limit} label={name} />}
              <p>{counter === null ? 'Not counted yet' : detailsOf(counter)}</p>
            </li>
          )
        })}
      </ul>
    )}
  </Card>
)

type UsageCounter = NonNullable<Reading['usage'][number]['counter']>

function detailsOf(counter: UsageCounter): string {
  const { windowEnd, held, granted, overage, rolledOver } = {
    ...counter,
    granted: counter.grantedRemaining,
  }
  const amounts = [
    [rolledOver, 'rolled over'],
    [granted, 'left of grants'],
    [held, 'reserved'],
    [overage, 'beyond the limit'],
  ] as const
  return [
    windowEnd >= FOREVER ? 'Never resets' : `Resets ${FORMAT.dateTime(windowEnd)}`,
    ...amounts.filter(([many]) => many > 0).map(([many, what]) => `${FORMAT.number(many)} ${what}`),
  ].join(' · ')
}

/** What was used day by day, of one feature. */
export const UsageHistory = ({ reading }: { readonly reading: Reading }) => {
  const { charted, history, usage, nameOf, subscription } = reading
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
