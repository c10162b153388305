import { expect, test } from 'vitest'
import { readUsageHistory } from '../../../adapters/database/operations/usage-history.ts'
import type { Operations } from '../../../adapters/database/operations/port.ts'

const at = new Date('2026-03-01T00:00:00Z')
const question = {
  userId: 'ada',
  feature: 'messages_sent',
  from: at,
  to: new Date('2026-03-02T00:00:00Z'),
  bucket: 'day',
  timeZone: 'UTC',
} as const
const bucket = { starts_at: at, ends_at: at, used_amount: 1, overage_amount: 0, event_count: 1 }

/** A ledger that takes this many statements to sum. */
function aLedger(parts: number) {
  let summed = 0
  const operations = {
    rows: async () => (summed >= parts ? [bucket] : []),
    value: async () => ++summed < parts,
  } as unknown as Operations
  return { operations, summed: () => summed }
}

test('a call sums a bounded part of a very large ledger, and the next calls continue', async () => {
  const { operations, summed } = aLedger(150)
  expect(await readUsageHistory(operations, question, at)).toBe('unsummed')
  expect(summed()).toBeLessThan(150)
  expect(await readUsageHistory(operations, question, at)).toHaveLength(1)
})
