import { rm, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { audit } from '../../../adapters/database/postgres/audit.ts'
import { ratio } from '../budgets.ts'
import { consumptionOf, postmasterOf } from '../cpu.ts'
import { overshoot } from '../customers.ts'
import { openBenchDatabase } from '../database.ts'
import { send, type Load } from '../load.ts'
import { startApi, startEcho, type Served } from '../processes.ts'
import { callsPerSecond, rateLimiter, singleStatement, type Call } from '../references.ts'
import { inRounds, mediansOf, type Findings, type Section } from '../section.ts'
import { SETTING } from '../setting.ts'

const MONTH_MS = 31 * 86_400_000
const MICROSECONDS = 1_000_000
/** How often every customer's window resets under load. */
const RESETS = 3

type Round = Readonly<Record<string, number>>

/** The rate and cost of usage, and proof that no limit is exceeded. */
export const usage: Section = {
  name: 'usage',
  async measure() {
    const { url, pool, stop } = await openBenchDatabase({ connectionsMax: 20 })
    const directory = await mkdtemp(join(tmpdir(), 'perennial-bench-'))
    try {
      const clockFile = join(directory, 'clock.json')
      const parts = await start(url, pool, clockFile)
      const rounds = await inRounds('usage', SETTING.rounds, () => measure(parts))
      const two = await withTwoProcesses(url, parts)
      await send({ kind: 'limited', url: parts.api.url })
      const beyond = await overshoot(pool)
      const mixed = await withResets(parts.api.url, clockFile)
      await Promise.all([parts.api.stop(), parts.echo.stop()])
      if ((await audit(url)).length > 0) throw new Error('counters disagree with their ledger')
      return findings([...rounds], { ...two, ...mixed, overshoot: beyond })
    } finally {
      await stop()
      await rm(directory, { recursive: true })
    }
  },
}

type Parts = {
  readonly api: Served
  readonly echo: Served
  readonly limiter: Call
  readonly bare: Call
  readonly postmaster: number
}

async function start(url: string, pool: pg.Pool, clockFile: string): Promise<Parts> {
  const [api, echo] = await Promise.all([
    startApi(url, { PERENNIAL_CLOCK_FILE: clockFile }),
    startEcho(),
  ])
  const [limiter, bare] = [await rateLimiter(pool), await singleStatement(pool)]
  return { api, echo, limiter, bare, postmaster: await postmasterOf(pool) }
}

async function measure({ api, echo, limiter, bare, postmaster }: Parts): Promise<Round> {
  const echoed = await send({ kind: 'echo', url: echo.url })
  const costs = () => Promise.all([consumptionOf(api.pid), consumptionOf(postmaster)])
  const before = await costs()
  const spread = await send({ kind: 'spread', url: api.url })
  const after = await costs()
  const check = await send({ kind: 'check', url: api.url })
  const checked = await costs()
  const microseconds = (index: 0 | 1) =>
    ((after[index].cpuSeconds - before[index].cpuSeconds) * MICROSECONDS) / spread.sent
  const ofCheck = (index: 0 | 1) =>
    ((checked[index].cpuSeconds - after[index].cpuSeconds) * MICROSECONDS) / check.sent
  const hot = await send({ kind: 'hot', url: api.url })
  const half = await send({ kind: 'spread', url: api.url, rate: Math.round(spread.perSecond / 2) })
  const batch = await send({ kind: 'batch', url: api.url })
  return {
    echo: echoed.perSecond,
    spread: spread.perSecond,
    check: check.perSecond,
    hot: hot.perSecond,
    spreadP50Ms: spread.p50Ms,
    spreadP99Ms: spread.p99Ms,
    halfP50Ms: half.p50Ms,
    halfP99Ms: half.p99Ms,
    batchEvents: batch.perSecond * SETTING.batchEvents,
    batchP99Ms: batch.p99Ms,
    apiMicroseconds: microseconds(0),
    postgresMicroseconds: microseconds(1),
    checkApiMicroseconds: ofCheck(0),
    checkPostgresMicroseconds: ofCheck(1),
    apiMb: after[0].residentKb / 1_024,
    bareSpread: await callsPerSecond(bare, false),
    bareHot: await callsPerSecond(bare, true),
    limiterSpread: await callsPerSecond(limiter, false),
    limiterHot: await callsPerSecond(limiter, true),
  }
}

/** The same load on two API processes, half of it on each, like behind a balancer. */
async function withTwoProcesses(url: string, { api }: Parts) {
  const second = await startApi(url)
  const loads: Load[] = [api, second].map(({ url: each }) => ({ kind: 'spread', url: each }))
  const both = await Promise.all(loads.map(send))
  await second.stop()
  return { twoProcesses: both.reduce((all, { perSecond }) => all + perSecond, 0) }
}

/** Counts and checks, while the API's clock jumps from month to month: each jump resets all windows. */
async function withResets(url: string, clockFile: string) {
  const jumps = (async () => {
    const between = ((SETTING.warmUpSeconds + SETTING.seconds) * 1_000) / (RESETS + 1)
    for (let month = 1; month <= RESETS; month++) {
      await new Promise((resolve) => setTimeout(resolve, between))
      await writeFile(clockFile, JSON.stringify({ offsetMs: month * MONTH_MS }))
    }
  })()
  const mixed = await send({ kind: 'mixed', url })
  await jumps
  return { mixed: mixed.perSecond, mixedP99Ms: mixed.p99Ms }
}

/** The meaning of each figure, in display order. */
const FIGURES = [
  ['echo', 'bare Hono JSON echo', 'calls/s'],
  ['bareSpread', 'bare statement per call, in process, spread', 'calls/s'],
  ['bareHot', 'bare statement per call, in process, hot', 'calls/s'],
  ['limiterSpread', 'rate-limiter-flexible, in process, spread', 'calls/s'],
  ['limiterHot', 'rate-limiter-flexible, in process, hot', 'calls/s'],
  ['spread', 'consume, spread', 'calls/s'],
  ['hot', 'consume, one hot customer', 'calls/s'],
  ['check', 'check, spread', 'calls/s'],
  ['batchEvents', 'batch', 'events/s'],
  ['spreadP50Ms', 'consume, full load, p50', 'ms'],
  ['spreadP99Ms', 'consume, full load, p99', 'ms'],
  ['halfP50Ms', 'consume, half load, p50', 'ms'],
  ['halfP99Ms', 'consume, half load, p99', 'ms'],
  ['batchP99Ms', 'batch, p99', 'ms'],
  ['apiMicroseconds', 'CPU of the API for an event', 'µs'],
  ['postgresMicroseconds', 'CPU of Postgres for an event', 'µs'],
  ['checkApiMicroseconds', 'CPU of the API for a check', 'µs'],
  ['checkPostgresMicroseconds', 'CPU of Postgres for a check', 'µs'],
  ['apiMb', 'resident memory of the API, under load', 'MiB'],
] as const

function findings(
  rounds: readonly Round[],
  once: { twoProcesses: number; mixed: number; mixedP99Ms: number; overshoot: number },
): Findings {
  const of = mediansOf(rounds)
  const [spread, hot] = [of('spread'), of('hot')]
  return {
    figures: [
      ...FIGURES.map(([key, name, unit]) => ({ name, value: of(key), unit })),
      { name: 'consume, spread over two processes', value: once.twoProcesses, unit: 'calls/s' },
      { name: `mixed, ${RESETS} resets of all windows`, value: once.mixed, unit: 'calls/s' },
      { name: 'mixed, p99', value: once.mixedP99Ms, unit: 'ms' },
    ],
    budgets: [
      ratio('consume, spread, to a bare Hono echo', spread, of('echo'), 0.6),
      ratio('consume, one hot customer, to spread', hot, spread, 1),
      ratio('consume, spread, to rate-limiter-flexible', spread, of('limiterSpread'), 1.5),
      ratio('consume, hot, to rate-limiter-flexible', hot, of('limiterHot'), 5),
      ratio('check to consume, spread', of('check'), spread, 1),
      ratio('batch, events, to single', of('batchEvents'), spread, 5),
      {
        name: 'consume, p99 at half load',
        measured: of('halfP99Ms'),
        bound: 'below',
        limit: 25,
        unit: 'ms',
      },
      {
        name: 'overshoot',
        measured: once.overshoot,
        bound: 'exactly',
        limit: 0,
        unit: 'events',
      },
    ],
    growth: [
      {
        title: 'usage events per second, by processes of the API',
        x: 'processes',
        y: 'calls/s',
        points: [
          [1, spread],
          [2, once.twoProcesses],
        ],
      },
    ],
    rounds: [...rounds, once],
  }
}
