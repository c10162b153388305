import { expect, test } from 'vitest'
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
