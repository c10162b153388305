import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ground } from '../../support/ground.ts'
import type { Played } from './play.ts'
import { playTogether } from './play.ts'
import { inWords, reportOf } from './report.ts'
import { readSequence, saveSequence } from './saved-sequence.ts'
import { search, type Figures } from './search.ts'
import { shrinkAll } from './shrink.ts'

export type Adversary = {
  readonly seed: number
  readonly sequences: number
  /** Ends earlier after this time. */
  readonly minutes: number
  readonly worlds: number
  readonly batch: number
  /** Where the report and the sequences are saved. */
  readonly directory: string
}

/** Violations of one hole that are shrunk; the shortest is reported. */
const SHRUNK_OF_EACH = 2

/** Searches, shrinks what it found, and saves the report. @returns whether nothing was found. */
export async function runAdversary(ground: Ground, given: Adversary): Promise<boolean> {
  const { seed, minutes, directory } = given
  const began = performance.now()
  const figures = await search({
    ground,
    ...given,
    until: began + minutes * 60_000,
    progress: ({ sequences, found }) =>
      console.error(
        `${sequences} sequences, violations of ${[...found.keys()].join(', ') || 'none'}`,
      ),
  })
  const seconds = (performance.now() - began) / 1000
  const shrunk = await shortestOf(ground, figures)
  const report = reportOf(figures, { seed, seconds }, shrunk)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, `adversary-${seed}.md`), `${report}\n`)
  for (const [hole, { violation, sequence }] of shrunk)
    await saveSequence(directory, `adversary-${seed}-${hole}`, { found: violation ?? '', sequence })
  console.log(report)
  return figures.found.size === 0
}

async function shortestOf(ground: Ground, { found }: Figures): Promise<Map<string, Played>> {
  const chosen = [...found].flatMap(([hole, each]) =>
    each
      .toSorted((a, b) => a.sequence.length - b.sequence.length)
      .slice(0, SHRUNK_OF_EACH)
      .map((played) => ({ hole, played })),
  )
  const shrunk = await shrinkAll(
    ground,
    chosen.map(({ played }) => played),
  )
  const shortest = new Map<string, Played>()
  for (const [index, played] of shrunk.entries()) {
    const { hole } = chosen[index]!
    const before = shortest.get(hole)
    if (before === undefined || played.sequence.length < before.sequence.length)
      shortest.set(hole, played)
  }
  return shortest
}

/** Plays a saved sequence again. @returns whether nothing was found. */
export async function replaySequence(ground: Ground, file: string): Promise<boolean> {
  const { found, sequence } = await readSequence(file)
  console.error(`It found: ${found}`)
  const [played] = await playTogether(ground, [sequence])
  console.log(inWords(sequence))
  console.log(played?.outcomes.join(' → '))
  console.log(played?.violation ?? 'It gets nothing for nothing.')
  return (played?.violation ?? null) === null
}
