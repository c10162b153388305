import { boundary, type Unit } from '../domain/calendar.ts'
import { readStackFile } from './stack-file.ts'
import { openStackTravel } from './stack-travel.ts'

/** Ten years of renewals take minutes; a longer distance is probably a typing error. */
const COUNT_MAX = 3_650
const UNITS = ['hour', 'day', 'week', 'month', 'year'] as const

/** A length of time in calendar units; `count` is 1 to 3650. */
export type Distance = { readonly count: number; readonly unit: Unit }

/** Parses a distance such as `1 month`; undefined if it is invalid. */
export function distanceFrom(words: readonly string[]): Distance | undefined {
  const [, count, unit] = /^(\d+) ?([a-z]+?)s?$/.exec(words.join(' ')) ?? []
  const known = UNITS.find((each) => each === unit)
  const many = Number(count)
  return known === undefined || many < 1 || many > COUNT_MAX
    ? undefined
    : { count: many, unit: known }
}

/** Advances the time of the running stack and returns the old and the new time. */
export async function advance(
  { count, unit }: Distance,
  say: (line: string) => void,
): Promise<{ readonly from: Date; readonly to: Date }> {
  const travel = await openStackTravel(await readStackFile(), say)
  const from = travel.now()
  try {
    await travel.to(boundary(from, unit, count))
  } finally {
    await travel.close()
  }
  return { from, to: travel.now() }
}
