import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { HOT_USER, SETTING, userName } from './setting.ts'

export type Call = (user: string) => Promise<unknown>

/** As many parallel callers as over HTTP; returns calls per second. */
export async function callsPerSecond(call: Call, isHot: boolean): Promise<number> {
  const pick = () => (isHot ? HOT_USER : userName(Math.floor(Math.random() * SETTING.customers)))
  const during = async (seconds: number) => {
    const end = performance.now() + seconds * 1_000
    let calls = 0
    const caller = async () => {
      for (; performance.now() < end; calls++) await call(pick())
    }
    await Promise.all(Array.from({ length: SETTING.connections }, caller))
    return calls / seconds
  }
  await during(SETTING.warmUpSeconds)
  return await during(SETTING.seconds)
}

/** The library's limiter on the same Postgres. It keeps a counter: no ledger, no idempotency. */
export const rateLimiter = (pool: pg.Pool): Promise<Call> =>
  new Promise((resolve, reject) => {
    const options = { storeClient: pool, points: SETTING.quota, duration: 86_400 }
    const limiter = new RateLimiterPostgres(options, (error) =>
      error ? reject(error) : resolve((user) => limiter.consume(user, 1)),
    )
  })

/** One bare statement for each call: a counter under a limit and a row in a ledger, without any other work. */
export async function singleStatement(pool: pg.Pool): Promise<Call> {
  await pool.query(`
    create table bare_counters (user_id text primary key, used bigint not null, quota bigint not null)
      with (fillfactor = 70);
    create table bare_events (user_id text, key text, amount bigint, primary key (user_id, key));
    insert into bare_counters select user_id, 0, ${SETTING.quota} from customers`)
  const text = `
    with counted as (
      update bare_counters set used = used + $3 where user_id = $1 and used + $3 <= quota returning user_id
    )
    insert into bare_events select user_id, $2, $3 from counted`
  return (user) => pool.query({ name: 'bare', text, values: [user, randomUUID(), 1] })
}
