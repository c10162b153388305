import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { sell } from '../../support/plans.ts'
import { createWorld, type World } from '../../support/world.ts'

/** Starts at the ends of months and in leap years. Each subscription runs for years. */
const BEGINNINGS = [
  // The months of a period, and of a window of usage.
  ['2026-11-30T10:00:00Z', 'plan_free', 1, 1],
  ['2026-12-31T23:30:00Z', 'plan_pro_monthly', 1, 1],
  ['2027-01-29T00:00:00Z', 'plan_free', 1, 1],
  ['2027-01-30T12:00:00Z', 'plan_free', 1, 1],
  ['2027-01-31T23:59:30Z', 'plan_free', 1, 1],
  ['2027-11-30T05:00:00Z', 'plan_quarterly', 3, 3],
  ['2027-12-31T05:00:00Z', 'plan_free_of_two_months', 2, 2],
  ['2028-02-29T06:00:00Z', 'plan_pro_yearly', 12, 1],
  ['2028-02-29T06:30:00Z', 'plan_free', 1, 1],
  ['2028-02-29T07:00:00Z', 'plan_of_two_years', 24, 24],
] as const
const END = new Date('2031-03-05T00:00:00Z')

let world: World
const lives: Customer[] = []
/** Ten days and seven days long. */
const byDays: Customer[] = []
beforeAll(async () => {
  world = await createWorld()
  await sell(world, { slug: 'plan_quarterly', priceMinor: 5_000, period: '3 months' })
  await sell(world, { slug: 'plan_free_of_two_months', priceMinor: 0, period: '2 months' })
  await sell(world, { slug: 'plan_of_two_years', priceMinor: 40_000, period: '2 years' })
  await sell(world, { slug: 'plan_of_ten_days', priceMinor: 0, period: '10 days' })
  await sell(world, { slug: 'plan_weekly', priceMinor: 300, period: '1 week' })
  for (const [beginning, plan] of BEGINNINGS) {
    await world.advanceTo(new Date(beginning))
    lives.push(await subscribe(world, plan))
  }
  await world.advanceTo(new Date('2030-12-19T23:30:00Z'))
  for (const plan of ['plan_of_ten_days', 'plan_weekly']) byDays.push(await subscribe(world, plan))
  await world.advanceTo(END)
}, 300_000)
afterAll(() => world.close())

/** The day of the anchor in a later month, or that month's last day. Calculated without the code under test. */
function expectedStart(anchor: Date, months: number): string {
  const month = anchor.getUTCFullYear() * 12 + anchor.getUTCMonth() + months
  const [year, monthOfYear] = [Math.floor(month / 12), month % 12]
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  const day = Math.min(anchor.getUTCDate(), days[monthOfYear]!)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(monthOfYear + 1)}-${two(day)}T${anchor.toISOString().slice(11)}`
}
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

function expectedStarts(anchor: Date, every: number): string[] {
  const starts: string[] = []
  for (let months = 0; ; months += every) {
    const start = expectedStart(anchor, months)
    if (new Date(start) > END) return starts
    starts.push(start)
  }
}

/** The periods of the timeline, in order. */
async function startsOf({ id }: Customer): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ start: string }>(
    `select after ->> 'periodStart' as start from subscription_changes
     where subscription_id = $1 and kind in ('activated', 'renewed') order by seq`,
    [id],
  )
  return rows.map((row) => row.start)
}

describe.each(BEGINNINGS.map((life, index) => [...life, index] as const))(
  'a subscription that starts at %s on %s',
  (_beginning, _plan, months, ofWindow, index) => {
    test('renews on its anchor day, or on the last day of a shorter month, and never drifts', async () => {
      const [first = '', ...others] = await startsOf(lives[index]!)
      const expected = expectedStarts(new Date(first), months)
      expect([first, ...others]).toEqual(expected)
      expect(expected.length).toBeGreaterThanOrEqual(Math.floor(36 / months))
    })

    test('counts usage in windows without gaps', async () => {
      const { rows } = await world.database.pool.query<{ start: Date; end: Date }>(
        `select w.window_start as start, w.window_end as "end" from feature_usage w
         join features f on f.id = w.feature_id
         where w.subscription_id = $1 and f.code = 'messages_sent' order by w.window_start`,
        [lives[index]!.id],
      )
      const starts = rows.map((row) => row.start.toISOString())
      expect(starts).toEqual(expectedStarts(rows[0]!.start, ofWindow))
      for (const [n, row] of rows.entries())
        expect(row.end.toISOString()).toBe(expectedStart(rows[0]!.start, (n + 1) * ofWindow))
    })
  },
)

test.each([
  [10, 0],
  [7, 1],
])(
  'a subscription of %i days renews after so many days, over the end of a year',
  async (days, index) => {
    const starts = await startsOf(byDays[index]!)
    expect(starts.length).toBeGreaterThan(70 / days)
    for (const [n, start] of starts.entries())
      expect(Date.parse(start) - Date.parse(starts[0]!)).toBe(n * days * 86_400_000)
  },
)

test('a paid subscription has one invoice per period and no others', async () => {
  for (const [paid, amount] of [
    [lives[1]!, 2_000],
    [lives[5]!, 5_000],
    [lives[9]!, 40_000],
    [byDays[1]!, 300],
  ] as const) {
    const invoices = await paid.stripeInvoices()
    const starts = await startsOf(paid)
    expect(invoices.length).toBe(starts.length)
    expect(invoices.every((invoice) => invoice.amount_paid === amount)).toBe(true)
  }
})
