import { intervalAt, type Interval, type Unit } from './calendar.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Cached: creating a format takes 0.1 ms, using it a few microseconds. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** @returns true for a name of the IANA database, such as `America/Sao_Paulo`. */
export function isTimeZone(name: string): boolean {
  // Newer versions of Node also accept offsets. Postgres reads those with the opposite sign.
  if (!/^[a-z]/i.test(name)) return false
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/**
 * Finds the interval that contains `at` in a time zone. Days, weeks, months and years start at local midnight, counted
 * from the anchor's local day.
 *
 * A day on which clocks change has 23 or 25 hours. If clocks skip midnight, the day starts at the first instant after it;
 * if midnight occurs twice, at the first one. An hour always has 60 minutes and starts with the anchor's local hour.
 *
 * @param timeZone an IANA name.
 * @throws RangeError when the time zone does not exist.
 */
export function zonedIntervalAt(anchor: Date, unit: Unit, at: Date, timeZone: string): Interval {
  const grain = unit === 'hour' ? HOUR_MS : DAY_MS
  const wall = wallTime(anchor, timeZone)
  const sinceStart = wall % grain
  // Local time would merge an hour that occurs twice, and overlap where clocks change by half an hour.
  if (unit === 'hour') return intervalAt(new Date(anchor.getTime() - sinceStart), unit, at)
  const wallNow = new Date(wallTime(at, timeZone))
  const { start, end } = intervalAt(new Date(wall - sinceStart), unit, wallNow)
  return { start: instantOf(start, timeZone), end: instantOf(end, timeZone) }
}

/** Local date and time in the zone, written as the milliseconds of the same date and time in UTC. */
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

/** The first instant with the local time `wall`, or the first one after it if clocks skip that time. */
function instantOf(wall: Date, timeZone: string): Date {
  const target = wall.getTime()
  const offsetAround = (ms: number) => wallTime(new Date(ms), timeZone) - ms
  // The offsets a day before and a day after are those on both sides of a nearby clock change.
  const [before, after] = [offsetAround(target - DAY_MS), offsetAround(target + DAY_MS)]
  const candidates = [target - before, target - after].sort((a, b) => a - b)
  const exact = candidates.find((ms) => wallTime(new Date(ms), timeZone) === target)
  if (exact !== undefined) return new Date(exact)
  // Clocks skip this time: find the clock change by bisection.
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
