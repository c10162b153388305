import { describe, expect, test } from 'vitest'
import { ALLOWED, allows, type Move } from '../../domain/moves.ts'
import { isLive, STATUSES } from '../../domain/subscription.ts'

const moves = Object.keys(ALLOWED) as Move[]

describe.each(moves)('%s', (move) => {
  test('is refused once a subscription is over', () => {
    expect(STATUSES.filter((status) => !isLive(status) && allows(move, status))).toEqual([])
  })
})

test('whatever can be canceled lives, and whatever lives can be canceled', () => {
  expect(STATUSES.filter((status) => allows('cancel', status))).toEqual(STATUSES.filter(isLive))
})
