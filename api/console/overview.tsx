import { Hono } from 'hono'
import {
  CHURN_DAYS,
  HISTORY_DAYS,
  liveByDay,
  TRIALS_ENDING_DAYS,
  type Overview,
} from '../../domain/operator/figures.ts'
import { isLive, type Status } from '../../domain/subscription/subscription.ts'
import type { PageSetting } from '../web/setting.ts'
import { titleOf } from '../web/format.ts'
import { Badge, Bar, Card, TONES } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { Chart } from './chart.tsx'
import { Health, healthOf } from './health.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { PlanTable } from './plan-table.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** The start page: the figures of the business, and what needs an operator. */
export const overviewPage = (setting: PageSetting) =>
  new Hono<ConsoleEnvironment>().get('/console', async (c) => {
    const now = setting.clock.now()
    const [overview, health] = await Promise.all([
      setting.repositories.figures.overview(now),
      healthOf(setting.repositories, now),
    ])
    return c.html(
      consolePage({
        title: 'Overview',
        path: '/console',
        assets: setting.assets,
        operator: c.get('operator'),
        styles: ['uplot.css'],
        scripts: ['uplot.js', 'charts.js'],
        children: (
          <>
            <div class="head">
              <div>
                <h1>Overview</h1>
                <p>As of {FORMAT.dateTime(now)} UTC</p>
              </div>
              <div class="buttons">
                <a class="button" href="/console/revenue">
                  MRR movement
                </a>
                <a class="button" href="/console/exports">
                  Export CSV
                </a>
              </div>
            </div>
            <Tiles overview={overview} />
            <div class="grid wide">
              <History overview={overview} now={now} />
              <div class="grid">
                <Statuses overview={overview} />
                <Health {...health} />
              </div>
            </div>
            <PlanTable overview={overview} />
            <HotSpots overview={overview} />
          </>
        ),
      }),
    )
  })

const countOf = ({ statuses }: Overview, status: Status) =>
  statuses.find((each) => each.status === status)?.count ?? 0

const liveOf = ({ statuses }: Overview) =>
  statuses
    .filter(({ status }) => isLive(status) && status !== 'incomplete')
    .reduce((sum, { count }) => sum + count, 0)

const Tiles = ({ overview }: { readonly overview: Overview }) => {
  const { churn, revenue } = overview
  const atRisk = revenue
    .filter(({ pastDueMinor }) => pastDueMinor > 0)
    .map(({ pastDueMinor, currency }) => FORMAT.money(pastDueMinor, currency))
    .join(' + ')
  return (
    <dl class="tiles">
      {(revenue.length === 0 ? [{ currency: 'usd', mrrMinor: 0 }] : revenue).map(
        ({ currency, mrrMinor }) => (
          <Tile
            name={`MRR, ${currency.toUpperCase()}`}
            wide
            figure={FORMAT.money(mrrMinor, currency)}
            note={`${FORMAT.money(mrrMinor * 12, currency)} a year (ARR)`}
          />
        ),
      )}
      <Tile
        name="Live subscriptions"
        figure={FORMAT.number(liveOf(overview))}
        note={`${FORMAT.number(overview.leaving)} will end`}
      />
      <Tile
        name="Trials"
        figure={FORMAT.number(countOf(overview, 'trialing'))}
        note={`${FORMAT.number(overview.trialsEnding)} end within ${TRIALS_ENDING_DAYS} days`}
      />
      <Tile
        name="Past due"
        figure={FORMAT.number(countOf(overview, 'past_due'))}
        note={`${atRisk === '' ? 'No revenue' : `${atRisk} a month`} at risk`}
      />
      <Tile
        name={`Churn, ${CHURN_DAYS} days`}
        figure={shareOf(churn.customersLost, churn.customersBefore)}
        note={`${FORMAT.number(churn.customersLost)} of ${FORMAT.number(churn.customersBefore)} paying customers`}
      />
      {churn.revenue.map(({ currency, beforeMinor, lostMinor, grownMinor }) => (
        <Tile
          name={`Revenue churn, ${currency.toUpperCase()}`}
          figure={shareOf(lostMinor, beforeMinor)}
          note={`${FORMAT.money(lostMinor, currency)} lost, ${FORMAT.money(grownMinor, currency)} grown: net ${shareOf(lostMinor - grownMinor, beforeMinor)}`}
        />
      ))}
    </dl>
  )
}

const shareOf = (part: number, whole: number): string =>
  whole === 0 ? '–' : FORMAT.percent(part / whole)

type TileProps = {
  readonly name: string
  readonly figure: string
  readonly note: string
  readonly wide?: boolean
}

const Tile = ({ name, figure, note, wide = false }: TileProps) => (
  <div class={`card tile ${wide ? 'wide' : ''}`}>
    <dt>{name}</dt>
    <dd class="figure">{figure}</dd>
    <dd class="note">{note}</dd>
  </div>
)

const History = ({ overview, now }: { readonly overview: Overview; readonly now: Date }) => (
  <Card title="Live subscriptions" id="history" aside={<p>Last {HISTORY_DAYS} days</p>}>
    <Chart
      label="Live subscriptions by day"
      series={[
        { name: 'Live', draw: 'area' },
        { name: 'Started', draw: 'bars' },
        { name: 'Ended', draw: 'bars' },
      ]}
      days={liveByDay(liveOf(overview), overview.days, now).map((each) => ({
        at: new Date(each.day),
        values: [each.live, each.started, each.ended],
      }))}
    />
  </Card>
)

const Statuses = ({ overview }: { readonly overview: Overview }) => (
  <Card title="By status" id="statuses">
    {overview.statuses.length === 0 ? (
      <p class="empty">No subscriptions yet.</p>
    ) : (
      <dl class="health">
        {overview.statuses.map(({ status, count }) => (
          <div>
            <dt>
              <Badge tone={TONES[status]}>{titleOf(status)}</Badge>
            </dt>
            <dd class="number">
              <a href={`/console/subscriptions?status=${status}`}>{FORMAT.number(count)}</a>
            </dd>
          </div>
        ))}
      </dl>
    )}
  </Card>
)

const HotSpots = ({ overview: { hotSpots } }: { readonly overview: Overview }) => (
  <Card title="Close to a limit" id="hot-spots" aside={<p>Past an alert threshold</p>}>
    <Table
      rows={hotSpots}
      empty="No customer is close to a limit."
      columns={[
        {
          name: 'User',
          class: 'user',
          cell: ({ subscriptionId, userId }) => (
            <a href={`/console/subscriptions/${subscriptionId}`}>{userId}</a>
          ),
        },
        { name: 'Plan', cell: ({ plan }) => plan },
        { name: 'Feature', cell: ({ feature }) => titleOf(feature) },
        {
          name: 'Used',
          cell: ({ usedAmount, quotaLimit, feature, userId }) => (
            <div class="share">
              <Bar
                used={usedAmount}
                limit={quotaLimit}
                label={`${titleOf(feature)} of ${userId}`}
              />
            </div>
          ),
        },
        {
          name: 'Amount',
          kind: 'number',
          cell: ({ usedAmount, quotaLimit }) =>
            `${FORMAT.number(usedAmount)} / ${FORMAT.number(quotaLimit)}`,
        },
      ]}
    />
  </Card>
)
