import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { verifyStripeEvent } from '../../../../adapters/stripe/events/events.ts'
import { anEvent } from '../../../support/webhook.ts'

const NOW = new Date()
const payload = JSON.stringify(anEvent())
const sign = (secret: string, secondsAgo = 0) =>
  Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    timestamp: Math.floor(NOW.getTime() / 1_000) - secondsAgo,
  })
const verify = (signature: string, secrets: readonly string[]) =>
  verifyStripeEvent(Buffer.from(payload), signature, secrets, NOW)

describe('while a signing secret is replaced', () => {
  test.each([
    ['whsec_new', 1],
    ['whsec_old', 2],
  ])('an event signed with %s alone is genuine, and matches secret %i', (secret, place) => {
    expect(verify(sign(secret), ['whsec_new', 'whsec_old'])).toMatchObject({
      kind: 'genuine',
      signature: { secret: place, signedAt: Math.floor(NOW.getTime() / 1_000) * 1_000 },
    })
  })

  test('an event signed with both secrets is genuine for a receiver that knows one of them', () => {
    const [, second = ''] = sign('whsec_old').split(',')
    const both = `${sign('whsec_new')},${second}`
    for (const secret of ['whsec_old', 'whsec_new'])
      expect(verify(both, [secret])).toMatchObject({ kind: 'genuine' })
  })

  test('an event signed with a third secret is forged', () => {
    expect(verify(sign('whsec_third'), ['whsec_new', 'whsec_old'])).toMatchObject({
      kind: 'forged',
    })
  })
})

describe('a signature', () => {
  test.each([
    ['almost five minutes old', 299, 'genuine'],
    ['more than five minutes old', 301, 'forged'],
    ['almost five minutes in the future', -299, 'genuine'],
    ['more than five minutes in the future', -301, 'forged'],
  ])('%s: %i seconds ago, %s', (_what, secondsAgo, kind) => {
    expect(verify(sign('whsec', secondsAgo), ['whsec'])).toMatchObject({ kind })
  })
})

/** The SDK's verdict on the same bytes. It accepts every future time. */
function sdkAccepts(body: Buffer, header: string, secret: string): boolean {
  try {
    Stripe.webhooks.constructEvent(body, header, secret, 300, undefined, NOW.getTime())
    return true
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
    throw error
  }
}

describe('we accept a signature exactly when Stripe’s SDK accepts it', () => {
  const good = sign('whsec')
  const [time = '', signature = ''] = good.split(',')
  const hex = signature.slice('v1='.length)
  test.each([
    ['the original header', good],
    ['an empty header', ''],
    ['only another scheme', `${time},v0=${hex}`],
    ['another scheme before ours', `${time},v0=${hex},${signature}`],
    ['a wrong signature before the right one', `${time},v1=${'0'.repeat(64)},${signature}`],
    ['a wrong signature after the right one', `${good},v1=${'0'.repeat(64)}`],
    ['the signature first', `${signature},${time}`],
    ['half a signature', good.slice(0, -32)],
    ['a signature with two more digits', `${good}00`],
    ['capital letters', `${time},v1=${hex.toUpperCase()}`],
    ['letters that are not hexadecimal', `${time},v1=${'z'.repeat(64)}`],
    ['no signature', time],
    ['no time', signature],
    ['a different time', `t=${Number(time.slice(2)) - 1},${signature}`],
    ['a time that is not a number', `t=now,${signature}`],
    ['two signatures, one with a second secret', `${good},${sign('whsec_2').split(',')[1] ?? ''}`],
    ['words', 'nonsense'],
  ])('%s', (_what, header) => {
    const isAccepted = verify(header, ['whsec']).kind === 'genuine'
    expect(isAccepted).toBe(sdkAccepts(Buffer.from(payload), header, 'whsec'))
  })

  test('a body with any bit flipped', () => {
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.integer({ min: 0, max: 7 }), (place, bit) => {
        const flipped = Buffer.from(payload)
        flipped[place]! ^= 1 << bit
        expect(sdkAccepts(flipped, good, 'whsec')).toBe(false)
        expect(verifyStripeEvent(flipped, good, ['whsec'], NOW)).toMatchObject({ kind: 'forged' })
      }),
    )
  })
})

test('a signed body that is not JSON is refused with a reason', () => {
  const body = '{"id": '
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: 'whsec' })
  expect(verifyStripeEvent(Buffer.from(body), header, ['whsec'], NOW)).toEqual({
    kind: 'malformed',
    because: 'the body is not JSON',
  })
})
