/**
 * The oracle's separate calendar: it counts whole days by the civil-calendar formulas of Howard Hinnant
 * (https://howardhinnant.github.io/date_algorithms.html), not by `Date`. Instants are milliseconds since 1970, in UTC.
 */
export const HOUR = 3_600_000
export const DAY = 24 * HOUR
const DAYS_OF_ERA = 146_097

/** The number of the day on which this date falls. */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_OF_ERA + dayOfEra - 719_468
}

export type Civil = { readonly year: number; readonly month: number; readonly day: number }

/** The date of a day. */
export function dateOf(dayNumber: number): Civil {
  const shifted = dayNumber + 719_468
  const era = Math.floor(shifted / DAYS_OF_ERA)
  const dayOfEra = shifted - era * DAYS_OF_ERA
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && isLeap ? 29 : LENGTHS[month - 1]!
}

/** The same time of day this many months later, or the month's last day if that day is missing. */
export function monthsAfter(anchor: number, months: number): number {
  const dayNumber = Math.floor(anchor / DAY)
  const { year, month, day } = dateOf(dayNumber)
  const index = year * 12 + (month - 1) + months
  const to = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 }
  const kept = Math.min(day, daysInMonth(to.year, to.month))
  return dayOf(to.year, to.month, kept) * DAY + (anchor - dayNumber * DAY)
}

export type Span = { readonly start: number; readonly end: number }

/** The span of this many months, counted from the anchor, that contains an instant. A boundary belongs to the later span. */
export function spanAt(anchor: number, months: number, at: number): Span {
  let count = 0
  while (monthsAfter(anchor, (count + 1) * months) <= at) count += 1
  while (monthsAfter(anchor, count * months) > at) count -= 1
  return {
    start: monthsAfter(anchor, count * months),
    end: monthsAfter(anchor, (count + 1) * months),
  }
}
