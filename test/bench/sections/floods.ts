import { setTimeout as wait } from 'node:timers/promises'
import { atMost } from '../budgets.ts'
import { floodsOf, type Flood } from '../floods/floods.ts'
import { openScene } from '../floods/scene.ts'
import { inRounds, median, type Section } from '../section.ts'
import { SETTING } from '../setting.ts'

/** The others’ slowest calls may take twice as long as without the flood. */
const TIMES_MAX = 2
const ROUNDS = 3
/** Calls of others, beside each other and apart: far below capacity, because this measures latency. */
const CALLERS = 2
const PAUSE_MS = 5

/** For each shared resource: the p99 of another customer’s calls beside a flood by one customer, to the same calls alone. */
export const floods: Section = {
  name: 'floods',
  async measure(only) {
    const scene = await openScene()
    const measured: { readonly resource: string; readonly rounds: Round[] }[] = []
    try {
      for (const flood of chosenOf(floodsOf(scene), only)) {
        await p99Of(flood, SETTING.warmUpSeconds)
        const rounds = await inRounds(`flood of ${flood.resource}`, ROUNDS, () => compare(flood))
        measured.push({ resource: flood.resource, rounds })
      }
    } finally {
      await scene.close()
    }
    return {
      figures: measured.flatMap(({ resource, rounds }) => [
        figure(
          `${resource}, p99 of others alone`,
          rounds.map(({ alone }) => alone),
        ),
        figure(
          `${resource}, p99 of others beside a flood`,
          rounds.map(({ beside }) => beside),
        ),
      ]),
      budgets: measured.map(({ resource, rounds }) =>
        atMost(
          `others beside a flood of ${resource}, p99`,
          median(rounds.map(({ alone, beside }) => beside / alone)),
          TIMES_MAX,
          '×',
        ),
      ),
      rounds: measured,
    }
  },
}

function chosenOf(all: readonly Flood[], only: string | undefined): readonly Flood[] {
  const chosen = all.filter(({ name }) => only === undefined || name === only)
  if (chosen.length > 0) return chosen
  throw new Error(`no flood ${only}: there are ${all.map(({ name }) => name).join(', ')}`)
}

type Round = { readonly alone: number; readonly beside: number }

const figure = (name: string, values: readonly number[]) => ({
  name,
  value: median(values),
  unit: 'ms',
})

async function compare(flood: Flood): Promise<Round> {
  await flood.prepare?.()
  const alone = await p99Of(flood, SETTING.seconds / 2)
  const flooding = new AbortController()
  const ended = flood.flood(flooding.signal)
  try {
    return { alone, beside: await p99Of(flood, SETTING.seconds / 2) }
  } finally {
    flooding.abort()
    await ended
  }
}

/** @returns the 99th percentile of the calls of others in milliseconds */
async function p99Of({ call }: Flood, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000
  const taken: number[] = []
  const caller = async () => {
    while (performance.now() < end) {
      const began = performance.now()
      await call()
      taken.push(performance.now() - began)
      await wait(PAUSE_MS)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  taken.sort((a, b) => a - b)
  return taken[Math.floor(taken.length * 0.99)] ?? NaN
}
