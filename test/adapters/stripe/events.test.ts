import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { verifyStripeEvent } from '../../../adapters/stripe/events.ts'
import { anEvent } from '../../support/webhook.ts'

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
  test.each(['whsec_old', 'whsec_new'])('an event signed by %s alone is genuine', (secret) => {
    expect(verify(sign(secret), ['whsec_new', 'whsec_old'])).toMatchObject({ kind: 'genuine' })
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
