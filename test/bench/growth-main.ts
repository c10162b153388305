import type pg from 'pg'
import { openBenchDatabase } from './database.ts'
import { send } from './load.ts'
import { startApi } from './processes.ts'
import { FEATURE } from './setting.ts'

/** How counting slows down as the ledger grows: `npm run bench:growth`. It takes minutes and about 4 GB of disk. */
const BUDGET = 1.3
const SIZES = [10_000, 10_000_000]
/** One statement of this size keeps memory and WAL within bounds. */
const STEP = 500_000
const STEP_TIMEOUT_MS = 600_000
const ROUNDS = 5
/** Calls per second, well below what is possible: what is asked is how long one takes. */
const RATE = 1_000

const database = await openBenchDatabase({
  connectionsMax: 1,
  answerTimeoutMs: STEP_TIMEOUT_MS,
})
try {
  const api = await startApi(database.url)
  console.log('| rows in the ledger | p50 | p99 |')
  console.log('| --- | --- | --- |')
  const p99s: number[] = []
  let stored = 0
  for (const size of SIZES) {
    for (; stored < size; stored += Math.min(STEP, size - stored))
      await storeEvents(database.pool, stored, Math.min(STEP, size - stored))
    await database.pool.query('vacuum (analyze) usage_events')
    await database.pool.query('checkpoint')
    const rounds = []
    for (let round = 0; round < ROUNDS; round++)
      rounds.push(await send({ kind: 'spread', url: api.url, rate: RATE }))
    const p50 = median(rounds.map(({ p50Ms }) => p50Ms))
    const p99 = median(rounds.map(({ p99Ms }) => p99Ms))
    p99s.push(p99)
    console.log(`| ${size.toLocaleString('en')} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms |`)
  }
  const ratio = (p99s[1] ?? NaN) / (p99s[0] ?? NaN)
  console.log(
    `\np99 with the larger ledger is ${ratio.toFixed(2)} × the smaller one's (promised: ≤ ${BUDGET} ×, met: ${ratio <= BUDGET ? 'yes' : 'NO'}). ` +
      `Medians of ${ROUNDS} rounds at ${RATE} calls/s.`,
  )
  await api.stop()
} finally {
  await database.stop()
}

/** Lines of this month, of all customers of the bench in turn. */
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
