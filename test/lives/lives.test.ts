import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groundOfThisRun } from '../support/ground.ts'
import { newFigures, totalFaults } from './figures.ts'
import { aLife } from './life.ts'
import { play, type Play } from './play.ts'
import { readLife, SAVED } from './saved-life.ts'

/** Two minutes on a quiet machine. */
const RUN_MAX_MS = 290_000
const SEED = Number(process.env['SEED'] ?? 20_261_124)

const playHere = ({ seed, ...given }: Given) =>
  play({
    ...given,
    climate: seed === null ? null : { seed, stormEvery: 2 },
    ground: groundOfThisRun(),
  })
type Given = Pick<Play, 'lives' | 'name' | 'figures'> & { readonly seed: number | null }
const NOTHING_WRONG = { failures: [], broken: [] }

describe('random lives', () => {
  test(
    'under faults are as the oracle says, and hold what always holds',
    async () => {
      const figures = newFigures()
      const lives = fc.sample(aLife(2), { numRuns: 8, seed: SEED })
      const played = await playHere({ lives, seed: SEED, name: 'ci', figures })
      expect(played).toEqual(NOTHING_WRONG)
      expect(totalFaults(figures)).toBeGreaterThan(20)
    },
    RUN_MAX_MS,
  )
})

describe('a life that found something once', () => {
  test.each(readdirSync(SAVED).toSorted())(
    '%s is as the oracle says',
    async (file) => {
      const { life, seed } = await readLife(join(SAVED, file))
      const name = file.replace('.json', '')
      const played = await playHere({ lives: [life], seed, name, figures: newFigures() })
      expect(played).toEqual(NOTHING_WRONG)
    },
    RUN_MAX_MS,
  )
})
