import type pg from 'pg'
import { atMost } from '../budgets.ts'
import { openBenchDatabase } from '../database.ts'
import { send } from '../load.ts'
import { startApi } from '../processes.ts'
import { inRounds, median, type Section } from '../section.ts'
import { FEATURE } from '../setting.ts'

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000]
/** One statement of this size keeps memory and WAL within bounds. */
const STEP = 500_000
const STEP_TIMEOUT_MS = 600_000
const ROUNDS = 5
/** Calls per second, well below capacity: this measures latency. */
const RATE = 1_000

/** Usage latency as the ledger grows. It takes minutes and about 4 GB of disk. */
export const growth: Section = {
  name: 'growth',
  isLong: true,
  async measure() {
    const database = await openBenchDatabase({
      connectionsMax: 1,
      answerTimeoutMs: STEP_TIMEOUT_MS,
    })
    try {
      const api = await startApi(database.url)
      const p50s: [number, number][] = []
      const p99s: [number, number][] = []
      let stored = 0
      for (const size of SIZES) {
        for (; stored < size; stored += Math.min(STEP, size - stored))
          await storeEvents(database.pool, stored, Math.min(STEP, size - stored))
        await database.pool.query('vacuum (analyze) usage_events')
        await database.pool.query('checkpoint')
        const name = `${size.toLocaleString('en')} rows in the ledger`
        const rounds = await inRounds(name, ROUNDS, () =>
          send({ kind: 'spread', url: api.url, rate: RATE }),
        )
        p50s.push([size, median(rounds.map(({ p50Ms }) => p50Ms))])
        p99s.push([size, median(rounds.map(({ p99Ms }) => p99Ms))])
      }
      await api.stop()
      const ends = [p99s.at(-1), p99s[0]].map((point) => point?.[1] ?? NaN)
      return {
        figures: p99s.flatMap(([size, p99], index) => [
          figure(size, 'p50', p50s[index]?.[1] ?? NaN),
          figure(size, 'p99', p99),
        ]),
        budgets: [
          atMost(
            'consume, p99 with 10 M ledger rows, to 10 k',
            (ends[0] ?? NaN) / (ends[1] ?? NaN),
            1.3,
            '×',
          ),
        ],
        growth: [
          {
            title: `a call of consume at ${RATE.toLocaleString('en')}/s, p99, by rows in the ledger`,
            x: 'rows',
            y: 'ms',
            points: p99s,
          },
        ],
      }
    } finally {
      await database.stop()
    }
  },
}

const figure = (size: number, share: string, value: number) => ({
  name: `consume at ${RATE}/s with ${size.toLocaleString('en')} rows, ${share}`,
  value,
  unit: 'ms',
})

/** Ledger rows of this month, for all customers of the bench in turn. */
async function storeEvents(pool: pg.Pool, from: number, count: number): Promise<void> {
  await pool.query(`set statement_timeout = 0`)
  await pool.query(
    `insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, window_start,
       used_after, occurred_at)
     select date_trunc('month', now() at time zone 'UTC')::date, s.id, gen_random_uuid(), f.id, 1, 'allowed', s.period_start,
       1, now()
     from generate_series($1::bigint, $1::bigint + $2 - 1) n
     join (select *, row_number() over (order by id) - 1 as place, count(*) over () as total from subscriptions) s
       on s.place = n % s.total
     cross join features f where f.code = $3`,
    [from, count, FEATURE],
  )
}
