import { expect, test } from 'vitest'
import { groundOfThisRun } from '../support/ground.ts'
import { PLANTED } from './planted/all.ts'
import { playPlanted } from './planted/play-planted.ts'

/** Seconds each, and half a minute for the one that waits for what never comes. */
const RUN_MAX_MS = 180_000

test.each(Object.entries(PLANTED))(
  'lives find a planted %s',
  async (name, planted) => {
    expect(await playPlanted(groundOfThisRun(), name, planted)).not.toEqual([])
  },
  RUN_MAX_MS,
)
