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
  ])('an event signed by %s alone is genuine, and said to be of secret %i', (secret, place) => {
    expect(verify(sign(secret), ['whsec_new', 'whsec_old'])).toMatchObject({
      kind: 'genuine',
      signature: { secret: place, signedAt: Math.floor(NOW.getTime() / 1_000) * 1_000 },
    })
  })

  test('an event that Stripe signed by both is genuine for who knows one of them', () => {
    const [, second = ''] = sign('whsec_old').split(',')
    const both = `${sign('whsec_new')},${second}`
    for (const secret of ['whsec_old', 'whsec_new'])
      expect(verify(both, [secret])).toMatchObject({ kind: 'genuine' })
  })

  test('an event signed by a third is forged', () => {
    expect(verify(sign('whsec_third'), ['whsec_new', 'whsec_old'])).toMatchObject({
      kind: 'forged',
    })
  })
})

describe('a signature', () => {
  test.each([
    ['of five minutes ago', 299, 'genuine'],
    ['older than that', 301, 'forged'],
    ['of a clock that is some minutes ahead', -299, 'genuine'],
    ['from the future', -301, 'forged'],
  ])('%s: %i seconds ago, %s', (_what, secondsAgo, kind) => {
    expect(verify(sign('whsec', secondsAgo), ['whsec'])).toMatchObject({ kind })
  })
})

/** What the SDK makes of the same bytes; it knows no future. */
function sdkBelieves(body: Buffer, header: string, secret: string): boolean {
  try {
    Stripe.webhooks.constructEvent(body, header, secret, 300, undefined, NOW.getTime())
    return true
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
    throw error
  }
}

describe('a body is believed exactly when Stripe’s own SDK believes it', () => {
  const good = sign('whsec')
  const [time = '', signature = ''] = good.split(',')
  const hex = signature.slice('v1='.length)
  test.each([
    ['as it was signed', good],
    ['nothing', ''],
    ['another scheme', `${time},v0=${hex}`],
    ['the other scheme before it', `${time},v0=${hex},${signature}`],
    ['a wrong signature before the right one', `${time},v1=${'0'.repeat(64)},${signature}`],
    ['a wrong signature after the right one', `${good},v1=${'0'.repeat(64)}`],
    ['the signature first', `${signature},${time}`],
    ['half of the signature', good.slice(0, -32)],
    ['more than the signature', `${good}00`],
    ['capital letters', `${time},v1=${hex.toUpperCase()}`],
    ['no hexadecimal', `${time},v1=${'z'.repeat(64)}`],
    ['no signature', time],
    ['no time', signature],
    ['another time', `t=${Number(time.slice(2)) - 1},${signature}`],
    ['no number', `t=now,${signature}`],
    ['two signatures, one of a second secret', `${good},${sign('whsec_2').split(',')[1] ?? ''}`],
    ['words', 'nonsense'],
  ])('%s', (_what, header) => {
    const isBelieved = verify(header, ['whsec']).kind === 'genuine'
    expect(isBelieved).toBe(sdkBelieves(Buffer.from(payload), header, 'whsec'))
  })

  test('whichever bit of it is turned', () => {
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.integer({ min: 0, max: 7 }), (place, bit) => {
        const turned = Buffer.from(payload)
        turned[place]! ^= 1 << bit
        expect(sdkBelieves(turned, good, 'whsec')).toBe(false)
        expect(verifyStripeEvent(turned, good, ['whsec'], NOW)).toMatchObject({ kind: 'forged' })
      }),
    )
  })
})

test('what Stripe signed and is no JSON is refused in words', () => {
  const body = '{"id": '
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: 'whsec' })
  expect(verifyStripeEvent(Buffer.from(body), header, ['whsec'], NOW)).toEqual({
    kind: 'forged',
    because: 'the body is no JSON',
  })
})
