import { describe, expect, test } from 'vitest'
import type { Fact } from '../../workflows/contract.ts'
import { freshEventIds, readCarried, typesOf, writeCarried } from '../../workflows/seen-events.ts'

const FIRST = 'evt_1NG8Du2eZvKYlo2CUI79vXWy'
const SECOND = 'evt_1NG8Du2eZvKYlo2CUI79vXWz'
const UPDATED = 'customer.subscription.updated'
const AT = Date.parse('2027-01-26T14:36:21Z')

const factOf = (...eventIds: string[]): Fact => ({ kind: 'stripeChanged', eventIds })
/** The next run's knowledge of the events that a run has observed. */
const carried = (...ids: string[]) =>
  readCarried(writeCarried(ids.map((id) => ({ id, type: UPDATED, at: AT }))))

describe('what a run carries to the next', () => {
  test('recognizes a repeated event, and not one that differs in its last letter', () => {
    expect(freshEventIds([], carried(FIRST), [factOf(FIRST, SECOND)])).toEqual([SECOND])
  })

  test('recognizes the whole ids that older code carried', () => {
    expect(freshEventIds([], readCarried([FIRST]), [factOf(FIRST, SECOND)])).toEqual([SECOND])
  })

  test('keeps two comparisons with Stripe apart, even if their names end alike', () => {
    const names = ['reconciliation/1-with-the-same-end', 'reconciliation/2-with-the-same-end']
    expect(freshEventIds([], carried(names[0] ?? ''), [factOf(...names)])).toEqual([names[1]])
  })

  test('recognizes a cause of several words', () => {
    const cause = 'its workflow was'
    expect(freshEventIds([], carried(cause), [factOf(cause)])).toEqual([])
  })

  test('has type and instant of the last two events, and only the end of the id of earlier ones', () => {
    expect(carried('evt_first_0000000a', 'evt_first_0000000b', 'evt_first_0000000c')).toEqual([
      { id: '0000000a' },
      { id: '0000000b', type: UPDATED, at: AT },
      { id: '0000000c', type: UPDATED, at: AT },
    ])
  })

  test('has only the id of an event whose type no signal said', () => {
    expect(readCarried(writeCarried([{ id: FIRST, at: AT }]))).toEqual([{ id: FIRST.slice(-8) }])
  })
})

describe('the types of events', () => {
  test('belong to the ids beside them, even if one of several facts has none', () => {
    const facts: Fact[] = [
      factOf(FIRST),
      { kind: 'thresholdCrossed' },
      { kind: 'stripeChanged', eventIds: [SECOND], types: [UPDATED] },
    ]
    expect(typesOf(facts)).toEqual(new Map([[SECOND, UPDATED]]))
  })
})
