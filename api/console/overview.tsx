import { Hono } from 'hono'
import {
  CHURN_DAYS,
  HISTORY_DAYS,
  liveByDay,
  TRIALS_ENDING_DAYS,
  type Overview,
} from '../../domain/figures.ts'
import { isLive, type Status } from '../../domain/subscription.ts'
import type { PageSetting } from '../web/pages.ts'
import { titleOf } from '../web/format.ts'
import { Badge, Bar, Card, TONES } from '../web/parts.tsx'
import { Health, healthOf } from './health.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { PlanTable } from './plan-table.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** The figures of the business, and what waits for somebody. */
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
        note={`${FORMAT.number(overview.leaving)} of them will end`}
      />
      <Tile
        name="Trials"
        figure={FORMAT.number(countOf(overview, 'trialing'))}
        note={`${FORMAT.number(overview.trialsEnding)} end within ${TRIALS_ENDING_DAYS} days`}
      />
      <Tile
        name="Past due"
        figure={FORMAT.number(countOf(overview, 'past_due'))}
        note={`${atRisk === '' ? 'Nothing' : `${atRisk} a month`} at risk`}
      />
      <Tile
        name={`Churn, ${CHURN_DAYS} days`}
        figure={churn.liveBefore === 0 ? '–' : FORMAT.percent(churn.ended / churn.liveBefore)}
        note={`${FORMAT.number(churn.ended)} of ${FORMAT.number(churn.liveBefore)} ended`}
      />
    </dl>
  )
}

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
    <figure class="chart">
      <div class="plot" aria-hidden="true" />
      <details>
        <summary>The same as a table</summary>
        <div
          class="table-of-chart"
          tabindex={0}
          role="region"
          aria-label="Live subscriptions by day"
        >
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col" class="number" data-draw="area">
                  Live
                </th>
                <th scope="col" class="number" data-draw="bars">
                  Started
                </th>
                <th scope="col" class="number" data-draw="bars">
                  Ended
                </th>
              </tr>
            </thead>
            <tbody>
              {liveByDay(liveOf(overview), overview.days, now).map((each) => (
                <tr>
                  <th scope="row" data-value={`${each.day}T00:00:00Z`}>
                    {FORMAT.date(new Date(each.day))}
                  </th>
                  {[each.live, each.started, each.ended].map((value) => (
                    <td class="number" data-value={String(value)}>
                      {FORMAT.number(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  </Card>
)

const Statuses = ({ overview }: { readonly overview: Overview }) => (
  <Card title="By status" id="statuses">
    {overview.statuses.length === 0 ? (
      <p class="empty">Nobody subscribed yet.</p>
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
  <Card title="Close to a limit" id="hot-spots" aside={<p>Reached an alert threshold</p>}>
    {hotSpots.length === 0 ? (
      <p class="empty">Nobody is close to a limit.</p>
    ) : (
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">Plan</th>
            <th scope="col">Feature</th>
            <th scope="col">Used</th>
            <th scope="col" class="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {hotSpots.map((spot) => (
            <tr>
              <th scope="row" class="user">
                <a href={`/console/subscriptions/${spot.subscriptionId}`}>{spot.userId}</a>
              </th>
              <td data-label="Plan">{spot.plan}</td>
              <td data-label="Feature">{titleOf(spot.feature)}</td>
              <td data-label="Used">
                <div class="share">
                  <Bar
                    used={spot.usedAmount}
                    limit={spot.quotaLimit}
                    label={`${titleOf(spot.feature)} of ${spot.userId}`}
                  />
                </div>
              </td>
              <td data-label="Amount" class="number">
                {FORMAT.number(spot.usedAmount)} / {FORMAT.number(spot.quotaLimit)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </Card>
)
