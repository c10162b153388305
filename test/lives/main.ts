import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { PROJECT } from '../../dev/project.ts'
import { startGround, type Ground } from '../support/ground.ts'
import { newFigures, type Figures } from './figures.ts'
import { aLife, type Life } from './life.ts'
import { play } from './play.ts'
import { reportOf } from './report.ts'
import { readLife, saveLife } from './saved-life.ts'
import { shrink } from './shrink.ts'
import type { Failure } from './town.ts'

/**
 * Plays random lives under faults against the oracle: `npm run lives`, for so long (`-- --hours 1`), from another seed
 * (`-- --seed 7`), in good weather (`-- --calm`), or one that was saved (`-- --replay FILE`).
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string' },
    seed: { type: 'string' },
    years: { type: 'string' },
    lives: { type: 'string' },
    'storm-every': { type: 'string' },
    calm: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
})
const HOUR_MS = 3_600_000
/** Side by side in one world: one step of its clock serves all of them. */
const LIVES_PER_TOWN = Number(values.lives ?? 24)
const YEARS = Number(values.years ?? 10)
const SEED = Number(values.seed ?? 1)
/** One stop in so many is stormy. */
const STORM_EVERY = Number(values['storm-every'] ?? 3)
const FOUND = join(PROJECT, 'lives-results')

const ground = await startGround()
try {
  await (values.replay === undefined ? run(ground) : replay(ground, values.replay))
} finally {
  await ground.stop()
}

/** Town after town, until the time is over; one town without a time. */
async function run(on: Ground): Promise<void> {
  const figures = newFigures()
  const began = performance.now()
  const elapsed = () => performance.now() - began
  const until = Number(values.hours ?? 0) * HOUR_MS
  for (let town = 0; town === 0 || elapsed() < until; town++) {
    const seed = SEED + town
    const lives = fc.sample(aLife(YEARS), { numRuns: LIVES_PER_TOWN, seed })
    const weather = values.calm ? null : seed
    const { failures, broken } = await play({
      ground: on,
      lives,
      climate: climateOf(weather),
      name: `town-${seed}`,
      figures,
    })
    for (const sentence of broken) console.error(`town ${seed}: ${sentence}`)
    for (const failure of failures) await keep(on, failure, weather, seed)
    const left = Math.max(0, Math.round((until - elapsed()) / 60_000))
    console.error(
      `town ${seed}: ${figures.lives} lives, ${figures.failures} failures, ${left} min left`,
    )
    console.log(`\n${reportOf(figures, { seconds: elapsed() / 1_000, seed: SEED, years: YEARS })}`)
  }
  if (figures.failures > 0) process.exitCode = 1
}

/** Makes it as small as it can be and writes it to a file. */
async function keep(on: Ground, failure: Failure, weather: number | null, town: number) {
  const found = sentenceOf(failure)
  console.error(found)
  const fails = async (life: Life) => (await playAlone(on, life, weather, newFigures())) !== ''
  const life = (await fails(failure.life)) ? await shrink(failure.life, fails) : failure.life
  const file = await saveLife(FOUND, `town-${town}-${Date.now()}`, { found, seed: weather, life })
  console.error(`kept in ${file}`)
}

async function replay(on: Ground, file: string): Promise<void> {
  const { found, seed, life } = await readLife(file)
  console.error(`It found: ${found}`)
  const problem = await playAlone(on, life, seed, newFigures())
  console.log(problem === '' ? 'It is as the oracle says.' : problem)
  if (problem !== '') process.exitCode = 1
}

function climateOf(seed: number | null) {
  return seed === null ? null : { seed, stormEvery: STORM_EVERY }
}

async function playAlone(on: Ground, life: Life, seed: number | null, figures: Figures) {
  const name = `alone-${Date.now()}`
  const { failures, broken } = await play({
    ground: on,
    lives: [life],
    climate: climateOf(seed),
    name,
    figures,
  })
  return [...failures.map(sentenceOf), ...broken].join('\n')
}

function sentenceOf({ at, after, differences }: Failure): string {
  return `${at}, after ${after}: ${differences.join('; ')}`
}
