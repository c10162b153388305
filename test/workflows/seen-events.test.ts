import { describe, expect, test } from 'vitest'
import type { Fact } from '../../workflows/contract.ts'
import { carried, carry, freshEventIds, typesOf } from '../../workflows/seen-events.ts'

const FIRST = 'evt_1NG8Du2eZvKYlo2CUI79vXWy'
const SECOND = 'evt_1NG8Du2eZvKYlo2CUI79vXWz'
const UPDATED = 'customer.subscription.updated'
const AT = Date.parse('2027-01-26T14:36:21Z')

const told = (...eventIds: string[]): Fact => ({ kind: 'stripeChanged', eventIds })
/** What a run that took these in leaves to the next one. */
const left = (...ids: string[]) => carried(carry(ids.map((id) => ({ id, type: UPDATED, at: AT }))))

describe('what a run leaves to the next', () => {
  test('an event that is told again is known, and one that differs in its last letter is not', () => {
    expect(freshEventIds([], left(FIRST), [told(FIRST, SECOND)])).toEqual([SECOND])
  })

  test('ids that older code left whole are known as well', () => {
    expect(freshEventIds([], carried([FIRST]), [told(FIRST, SECOND)])).toEqual([SECOND])
  })

  test('two comparisons with Stripe are two occasions, however their names end', () => {
    const names = ['reconciliation/1-with-the-same-end', 'reconciliation/2-with-the-same-end']
    expect(freshEventIds([], left(names[0] ?? ''), [told(...names)])).toEqual([names[1]])
  })

  test('an occasion of several words is one', () => {
    const occasion = 'its workflow was'
    expect(freshEventIds([], left(occasion), [told(occasion)])).toEqual([])
  })

  test('type and instant of the last two go along, of those before only that they were seen', () => {
    expect(left('evt_first_0000000a', 'evt_first_0000000b', 'evt_first_0000000c')).toEqual([
      { id: '0000000a' },
      { id: '0000000b', type: UPDATED, at: AT },
      { id: '0000000c', type: UPDATED, at: AT },
    ])
  })

  test('an event of which no fact gave the type is carried without', () => {
    expect(carried(carry([{ id: FIRST, at: AT }]))).toEqual([{ id: FIRST.slice(-8) }])
  })
})

describe('the types of events', () => {
  test('belong to the ids beside them, also where one of several facts says none', () => {
    const facts: Fact[] = [
      told(FIRST),
      { kind: 'thresholdCrossed' },
      { kind: 'stripeChanged', eventIds: [SECOND], types: [UPDATED] },
    ]
    expect(typesOf(facts)).toEqual(new Map([[SECOND, UPDATED]]))
  })
})
