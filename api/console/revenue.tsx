import { Hono } from 'hono'
import type { RevenueMovement } from '../../domain/operator/figures.ts'
import { Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Table } from '../web/table.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { MovementChart } from './movement-chart.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** The table shows this month and the eleven before. */
const MONTHS = 12

const COLUMNS = [
  { name: 'New', of: 'newMinor' },
  { name: 'Expansion', of: 'expansionMinor' },
  { name: 'Contraction', of: 'contractionMinor' },
  { name: 'Ended or paused', of: 'endedMinor' },
] as const

/** The movement of MRR, month by month. */
export const revenuePage = ({ repositories, assets, clock }: PageSetting) =>
  new Hono<ConsoleEnvironment>().get('/console/revenue', async (c) => {
    const now = clock.now()
    const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1, 1))
    const movements = await repositories.figures.movements(since, now)
    return c.html(
      consolePage({
        title: 'MRR movement',
        path: '/console',
        assets,
        operator: c.get('operator'),
        children: (
          <>
            <div class="head">
              <div>
                <h1>MRR movement</h1>
                <p>By month in UTC, at list prices before discounts</p>
              </div>
            </div>
            <Card title={`Last ${MONTHS} months`} id="movements">
              {[...new Set(movements.map(({ currency }) => currency))].map((currency) => (
                <MovementChart
                  movements={movements.filter((each) => each.currency === currency)}
                  months={monthsFrom(since)}
                  currency={currency}
                />
              ))}
              <Movements movements={movements} />
            </Card>
          </>
        ),
      }),
    )
  })

const Movements = ({ movements }: { readonly movements: readonly RevenueMovement[] }) => (
  <Table
    rows={movements}
    empty="Nothing has changed the revenue yet."
    columns={[
      {
        name: 'Month',
        cell: ({ month, currency }) => `${monthName(month)}, ${currency.toUpperCase()}`,
      },
      ...COLUMNS.map(({ name, of }) => ({
        name,
        kind: 'number' as const,
        class: (row: RevenueMovement) => (row[of] === 0 ? 'zero muted' : ''),
        cell: (row: RevenueMovement) => signed(row[of], row.currency),
      })),
      {
        name: 'Change',
        kind: 'number',
        cell: (row) => (
          <strong>
            {signed(
              COLUMNS.reduce((sum, { of }) => sum + row[of], 0),
              row.currency,
            )}
          </strong>
        ),
      },
    ]}
  />
)

/** `MONTHS` months such as `2026-11`, the oldest first. */
const monthsFrom = (since: Date): string[] =>
  Array.from({ length: MONTHS }, (_, index) =>
    new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + index, 1))
      .toISOString()
      .slice(0, 'yyyy-mm'.length),
  )

const signed = (minor: number, currency: string): string =>
  minor === 0 ? '–' : `${minor > 0 ? '+' : ''}${FORMAT.money(minor, currency)}`

const MONTH_NAME = new Intl.DateTimeFormat('en', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const monthName = (month: string): string => MONTH_NAME.format(new Date(`${month}-01T00:00:00Z`))
