import { expect, test } from 'vitest'
import { causeInWords } from '../../../api/console/cause-words.ts'

const FEATURES = new Map([
  ['messages_sent', { name: 'Messages sent', unit: 'message' }],
  ['seats', { name: 'Seats', unit: null }],
])
const words = (cause: string) =>
  causeInWords(
    cause,
    (code) => FEATURES.get(code),
    (value) => value.toLocaleString('en'),
  )

test.each([
  ['2500 of messages_sent were granted', 'Messages sent: 2,500 granted, in units of message'],
  ['3 of seats were granted', 'Seats: 3 granted'],
  ['3 of deleted were granted', '3 of deleted were granted'],
  [
    'messages_sent reached 80 % of its quota: 8000 of 10000',
    'Messages sent reached 80 % of its quota: 8,000 of 10,000, in units of message',
  ],
  ['evt_1Pq', 'an event from Stripe'],
  ['evt_1 evt_2 evt_3', '3 events from Stripe'],
  ['import evt_1', 'import, after an event from Stripe'],
  ['plan migration 0b7c4b8e-6f0e-4f5e-9d38-0b7c4b8e6f0e rolled back', 'plan migration rolled back'],
  ['checkout', 'checkout'],
])('the cause “%s” reads “%s”', (cause, expected) => {
  expect(words(cause)).toBe(expected)
})
