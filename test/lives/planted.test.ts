import { expect, test } from 'vitest'
import { groundOfThisRun } from '../support/ground.ts'
import { PLANTED } from './planted/all.ts'
import { playPlanted } from './planted/play-planted.ts'

/** Seconds each on a quiet machine. */
const RUN_MAX_MS = 180_000

test.each(Object.entries(PLANTED))(
  'lives find a planted %s',
  async (name, planted) => {
    const found = await playPlanted(groundOfThisRun(), name, planted)
    expect(found.map(({ sentence }) => sentence).join('\n')).toMatch(planted.sign)
  },
  RUN_MAX_MS,
)
