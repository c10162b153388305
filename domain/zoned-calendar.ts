import { intervalAt, type Interval, type Unit } from './calendar.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Making one takes a tenth of a millisecond; asking it a few microseconds. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** True for a name of the IANA database, such as `America/Sao_Paulo`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/**
 * The interval that holds `at` by the clocks of a zone: it begins at midnight there, counted from the anchor's day. A day
 * on which clocks change has 23 or 25 hours; a midnight that clocks skip is the first instant after it, one that comes
 * twice is the first of the two. An hour has sixty minutes, whatever clocks do, counted from the anchor's hour there.
 */
export function zonedIntervalAt(anchor: Date, unit: Unit, at: Date, timeZone: string): Interval {
  const grain = unit === 'hour' ? HOUR_MS : DAY_MS
  const wall = wallTime(anchor, timeZone)
  const sinceStart = wall % grain
  // By the wall, an hour that clocks repeat is one, and where they change by half an hour two would overlap.
  if (unit === 'hour') return intervalAt(new Date(anchor.getTime() - sinceStart), unit, at)
  const wallNow = new Date(wallTime(at, timeZone))
  const { start, end } = intervalAt(new Date(wall - sinceStart), unit, wallNow)
  return { start: instantOf(start, timeZone), end: instantOf(end, timeZone) }
}

/** What clocks in the zone show at an instant, as the milliseconds that UTC would need to show the same. */
function wallTime(instant: Date, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const seconds = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  const belowSecond = ((instant.getTime() % 1_000) + 1_000) % 1_000
  return seconds + belowSecond
}

/** The first instant at which clocks in the zone show `wall` or, where they skip it, something later. */
function instantOf(wall: Date, timeZone: string): Date {
  const target = wall.getTime()
  const offsetAround = (ms: number) => wallTime(new Date(ms), timeZone) - ms
  // Offsets a day before and after: the zone's before and after any change that is near.
  const [before, after] = [offsetAround(target - DAY_MS), offsetAround(target + DAY_MS)]
  const candidates = [target - before, target - after].sort((a, b) => a - b)
  const exact = candidates.find((ms) => wallTime(new Date(ms), timeZone) === target)
  if (exact !== undefined) return new Date(exact)
  // Skipped: the change itself, found by halving the day around it.
  let [low, high] = [target - before - DAY_MS, target - after + DAY_MS]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (wallTime(new Date(middle), timeZone) >= target) high = middle
    else low = middle
  }
  return new Date(high)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
