import { describe, expect, test } from 'vitest'
import { moneyBackKey, reservationKey, subscriptionKey, userCommandKey } from '../../domain/keys.ts'

describe('keys that contain names chosen by callers', () => {
  test.each([
    ['subscription', subscriptionKey],
    ['reservation', reservationKey],
  ])('never name the same %s for two users', (_, keyOf) => {
    expect(keyOf('team', 'a/b')).not.toBe(keyOf('team/a', 'b'))
    expect(keyOf('team%2Fa', 'b')).not.toBe(keyOf('team/a', 'b'))
  })

  test('keep the ids of users whose names need no escape', () => {
    expect(subscriptionKey('auth0|ada@example.com', 'k')).toBe(
      'subscription/auth0|ada@example.com/k',
    )
  })

  test('never equal the name of a command that the service sends itself', () => {
    expect(userCommandKey(moneyBackKey('in_1'))).not.toBe(moneyBackKey('in_1'))
  })
})
