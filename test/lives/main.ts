import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Runtime } from '@temporalio/worker'
import fc from 'fast-check'
import { PROJECT } from '../../dev/project.ts'
import { startGround, startMortalGround, type Ground } from '../support/ground.ts'
import { replaySequence, runAdversary } from './adversary/run.ts'
import { newFigures } from './figures.ts'
import type { Failure } from './judge.ts'
import { aLife, type Life } from './life.ts'
import { PLANTED } from './planted/all.ts'
import { playPlanted } from './planted/play-planted.ts'
import { play } from './play.ts'
import { reportOf } from './report.ts'
import { readLife, saveLife } from './saved-life.ts'
import { shrink } from './shrink.ts'

/**
 * Plays random lives under faults against the oracle: `npm run lives`, for a given time (`-- --hours 1`), from another seed
 * (`-- --seed 7`), without faults (`-- --calm`), with processes and servers that are killed (`-- --processes`), or a
 * saved life (`-- --replay FILE`; `--shrink` minimizes
 * it). `-- --planted NAME` shows that a deliberate bug is found. `-- --adversary` plays short sequences of a customer who
 * wants something for nothing (`--sequences`, `--minutes`, `--batch`, `--towns`).
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string' },
    seed: { type: 'string' },
    years: { type: 'string' },
    lives: { type: 'string' },
    towns: { type: 'string' },
    'storm-every': { type: 'string' },
    busy: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    calm: { type: 'boolean', default: false },
    replay: { type: 'string' },
    planted: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    adversary: { type: 'boolean', default: false },
    sequences: { type: 'string' },
    minutes: { type: 'string' },
    batch: { type: 'string' },
  },
})
const HOUR_MS = 3_600_000
/** Lives in one world: one step of its clock serves all of them. */
const LIVES_PER_TOWN = Number(values.lives ?? 40)
/** Parallel worlds: one works while another waits for its timers. Separate processes would be too many for the machine. */
const TOWNS = Number(values.towns ?? (values.processes ? 1 : 4))
const YEARS = Number(values.years ?? 10)
const SEED = Number(values.seed ?? 1)
/** One stop in this many has faults. */
const STORM_EVERY = Number(values['storm-every'] ?? 3)
const FOUND = join(PROJECT, 'lives-results')
/** The interval at which a long run saves its report, so that an abort loses little. */
const REPORT_EVERY_MS = 60_000

/** Temporal's runtime handles signals by stopping workers only; exit instead, which also ends child processes. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const ground = await (values.processes ? startMortalGround() : startGround())
try {
  if (values.adversary) await playAdversary(ground)
  else if (values.replay !== undefined) await replay(ground, values.replay)
  else if (values.planted !== undefined) await showPlanted(ground, values.planted)
  else await run(ground)
} finally {
  await ground.stop()
  // The runtime stops with the last worker of this process; with separate worker processes there was none.
  await Runtime.instance().shutdown()
}

async function playAdversary(on: Ground): Promise<void> {
  const foundNothing =
    values.replay === undefined
      ? await runAdversary(on, {
          seed: SEED,
          sequences: Number(values.sequences ?? 1_000),
          minutes: Number(values.minutes ?? Infinity),
          batch: Number(values.batch ?? 150),
          worlds: Number(values.towns ?? 3),
          directory: FOUND,
        })
      : await replaySequence(on, values.replay)
  if (!foundNothing) process.exitCode = 1
}

/** Plays towns, a few in parallel, until the time is up; without a time, one round. */
async function run(on: Ground): Promise<void> {
  const figures = newFigures()
  const began = performance.now()
  const elapsed = () => performance.now() - began
  const until = Number(values.hours ?? 0) * HOUR_MS
  let next = SEED
  const report = () =>
    reportOf(figures, { seconds: elapsed() / 1_000, seed: SEED, years: YEARS, towns: next - SEED })

  async function street(): Promise<void> {
    do {
      const seed = next++
      await town(seed)
    } while (elapsed() < until)
  }

  async function town(seed: number): Promise<void> {
    const pace = values.busy ? 'busy' : 'quiet'
    const lives = fc.sample(aLife(YEARS, pace), { numRuns: LIVES_PER_TOWN, seed })
    const weather = values.calm ? null : seed
    const name = `town-${seed}`
    const climate = climateOf(weather)
    const { processes } = values
    const kept: Promise<void>[] = []
    const { broken } = await play({
      ground: on,
      lives,
      climate,
      processes,
      name,
      figures,
      differed: (failure) => kept.push(keep(failure, weather, seed)),
    })
    for (const { sentence } of broken) console.error(`${name}: ${sentence}`)
    await Promise.all(kept)
    const left = Math.max(0, Math.round((until - elapsed()) / 60_000))
    console.error(`${name}: ${figures.lives} lives, ${figures.failures} failures, ${left} min left`)
  }

  const keepUp = () => keepReport(`report-${SEED}`, report())
  const timer = setInterval(() => void keepUp(), REPORT_EVERY_MS)
  await Promise.all(Array.from({ length: TOWNS }, street))
  clearInterval(timer)
  await keepUp()
  console.log(`\n${report()}`)
  if (figures.failures > 0) process.exitCode = 1
}

/** Saves a life with a difference to a file. */
async function keep(failure: Failure, seed: number | null, town: number): Promise<void> {
  const found = sentenceOf(failure)
  const file = await saveLife(FOUND, `town-${town}-${Date.now()}`, {
    found,
    seed,
    life: failure.life,
  })
  console.error(`${found}\nkept in ${file}`)
}

async function keepReport(name: string, text: string): Promise<void> {
  await mkdir(FOUND, { recursive: true })
  await writeFile(join(FOUND, `${name}.md`), `${text}\n`)
}

async function replay(on: Ground, file: string): Promise<void> {
  const { found, seed, life } = await readLife(file)
  console.error(`It found: ${found}`)
  const problem = await playAlone(on, life, seed)
  console.log(problem === '' ? 'It is as the oracle says.' : problem)
  if (problem === '') return
  process.exitCode = 1
  if (!values.shrink) return
  const small = await shrink(life, async (each) => (await playAlone(on, each, seed)) !== '')
  console.log(
    `kept in ${await saveLife(FOUND, `small-${Date.now()}`, { found, seed, life: small })}`,
  )
}

async function showPlanted(on: Ground, name: string): Promise<void> {
  const planted = PLANTED[name]
  if (planted === undefined) throw new Error(`planted are: ${Object.keys(PLANTED).join(', ')}`)
  const found = await playPlanted(on, `planted-${name}`, planted)
  const isFound = found.some(({ sentence }) => planted.sign.test(sentence))
  console.log(`${planted.what}: ${isFound ? 'found' : 'not found'}`)
  for (const { sentence } of found) console.log(`  ${sentence}`)
  if (!isFound) process.exitCode = 1
}

function climateOf(seed: number | null) {
  return seed === null ? null : { seed, stormEvery: STORM_EVERY }
}

/** Returns the findings, or an empty string. */
async function playAlone(on: Ground, life: Life, seed: number | null): Promise<string> {
  const { failures, broken } = await play({
    ground: on,
    lives: [life],
    climate: climateOf(seed),
    name: `alone-${Date.now()}`,
    figures: newFigures(),
  })
  return [...failures.map(sentenceOf), ...broken.map(({ sentence }) => sentence)].join('\n')
}

function sentenceOf({ at, after, findings }: Failure): string {
  return `${at}, after ${after}: ${findings.map(({ sentence }) => sentence).join('; ')}`
}
