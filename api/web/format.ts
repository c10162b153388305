import { formatMoney, money } from '../../domain/money.ts'

/** Amounts and instants as text, in the format of a locale and in a time zone. */
export type Format = ReturnType<typeof createFormat>

/**
 * Formats amounts, numbers and instants.
 *
 * @param locale such as `pt-BR`.
 * @param timeZone an IANA name; calendar days are those of this zone.
 */
export function createFormat(locale: string, timeZone = 'UTC') {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone })
  const dateTime = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  })
  return {
    locale,
    money: (amountMinor: number, currency: string) =>
      formatMoney(money(amountMinor, currency), locale),
    number: (value: number) => number.format(value),
    percent: (share: number) => percent.format(share),
    date: (instant: Date) => date.format(instant),
    dateTime: (instant: Date) => dateTime.format(instant),
  }
}

/** A code as words: `past_due` becomes “past due”, and `addons_changed` “add-ons changed”. */
export const wordsOf = (code: string): string =>
  code.replaceAll(/[_-]/g, ' ').replaceAll('addon', 'add-on')

/** A code as a title: `past_due` becomes “Past due”. */
export const titleOf = (code: string): string => {
  const words = wordsOf(code)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
