import type pg from 'pg'
import { send } from './load.ts'
import { startApi, startEcho, type Served } from './processes.ts'
import { callsPerSecond, rateLimiter, singleStatement, type Call } from './references.ts'
import { SETTING } from './setting.ts'

/** All figures of one round, by name; calls or events per second, or milliseconds. */
export type Round = Readonly<Record<string, number>>

export type Bench = {
  readonly round: () => Promise<Round>
  readonly useUpSmallQuota: () => Promise<unknown>
  readonly stop: () => Promise<void>
}

export async function prepare(databaseUrl: string, pool: pg.Pool): Promise<Bench> {
  const [api, echo] = await Promise.all([startApi(databaseUrl), startEcho()])
  const [limiter, bare] = [await rateLimiter(pool), await singleStatement(pool)]
  return {
    round: () => measure({ api, echo, limiter, bare }),
    useUpSmallQuota: () => send({ kind: 'limited', url: api.url }),
    stop: async () => {
      await Promise.all([api.stop(), echo.stop()])
    },
  }
}

type Parts = {
  readonly api: Served
  readonly echo: Served
  readonly limiter: Call
  readonly bare: Call
}

async function measure({ api, echo, limiter, bare }: Parts): Promise<Round> {
  const echoed = await send({ kind: 'echo', url: echo.url })
  const spread = await send({ kind: 'spread', url: api.url })
  const hot = await send({ kind: 'hot', url: api.url })
  const rate = Math.round(spread.perSecond / 2)
  const half = await send({ kind: 'spread', url: api.url, rate })
  const batch = await send({ kind: 'batch', url: api.url })
  return {
    echo: echoed.perSecond,
    spread: spread.perSecond,
    hot: hot.perSecond,
    spreadP50Ms: spread.p50Ms,
    spreadP99Ms: spread.p99Ms,
    halfP50Ms: half.p50Ms,
    halfP99Ms: half.p99Ms,
    batchEvents: batch.perSecond * SETTING.batchEvents,
    batchP99Ms: batch.p99Ms,
    bareSpread: await callsPerSecond(bare, false),
    bareHot: await callsPerSecond(bare, true),
    limiterSpread: await callsPerSecond(limiter, false),
    limiterHot: await callsPerSecond(limiter, true),
  }
}
