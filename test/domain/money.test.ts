import { expect, test } from 'vitest'
import { decimalsOf } from '../../domain/currency.ts'
import { formatMoney, money } from '../../domain/money.ts'

test('an amount is a whole number of minor units', () => {
  expect(() => money(19.99, 'usd')).toThrow(RangeError)
  expect(() => money(Number.MAX_SAFE_INTEGER + 1, 'usd')).toThrow(RangeError)
  expect(money(-500, 'usd').amountMinor).toBe(-500)
})

test('a currency is three lower-case letters', () => {
  expect(() => money(1, 'USD')).toThrow(RangeError)
  expect(() => money(1, 'dollars')).toThrow(RangeError)
})

test('formats cents, whole yen and thousandths of a dinar', () => {
  expect(formatMoney(money(2_000, 'usd'), 'en')).toBe('$20.00')
  expect(formatMoney(money(2_000, 'jpy'), 'en')).toBe('¥2,000')
  expect(formatMoney(money(2_000, 'kwd'), 'en').replace(/\s/g, ' ')).toBe('KWD 2.000')
  expect(formatMoney(money(2_000, 'usd'), 'pt-BR').replace(/\s/g, ' ')).toBe('US$ 20,00')
})

/** Amounts as Stripe's API has them, and how people read them. @see https://docs.stripe.com/currencies */
test.each([
  ['huf', 499_000, 'HUF 4,990'],
  ['huf', 499_050, 'HUF 4,990.50'],
  ['cop', 4_990_000, 'COP 49,900'],
  ['idr', 4_990_000, 'IDR 49,900'],
  ['pkr', 499_000, 'PKR 4,990'],
  ['isk', 499_000, 'ISK 4,990'],
  ['ugx', 500, 'UGX 5'],
  ['twd', 80_000, 'NT$800.00'],
  ['lak', 499_000, 'LAK 4,990'],
  ['mga', 4_990, 'MGA 4,990'],
  ['krw', 4_990, '₩4,990'],
  ['clp', 4_990, 'CLP 4,990'],
  ['xof', 4_990, 'F CFA 4,990'],
  ['jod', 5_120, 'JOD 5.120'],
  ['usd', -1_050, '-$10.50'],
])("shows Stripe's %s %i as %s", (currency, amountMinor, shown) => {
  expect(formatMoney(money(amountMinor, currency), 'en').replaceAll(/\s/g, ' ')).toBe(shown)
})

test('every currency of the locale library is shown with a whole unit of Stripe as 1', () => {
  for (const code of Intl.supportedValuesOf('currency')) {
    const currency = code.toLowerCase()
    const text = formatMoney(money(10 ** decimalsOf(currency), currency), 'en')
    expect([currency, Number(/[\d.]+$/.exec(text)?.[0])]).toEqual([currency, 1])
  }
})
