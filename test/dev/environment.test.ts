import { expect, test } from 'vitest'
import { readStackEnvironment } from '../../dev/environment.ts'

test('every variable is optional', () => {
  expect(readStackEnvironment({})).toMatchObject({ PORT: 3000, TEMPORAL_NAMESPACE: 'default' })
})

test('a live key of Stripe is refused', () => {
  const env = { STRIPE_API_KEY: 'sk_live_abc', STRIPE_WEBHOOK_SECRET: 'whsec_abc' }
  expect(() => readStackEnvironment(env)).toThrow(/STRIPE_API_KEY must be a test key/)
})

test('real Stripe without a webhook secret is refused, with the command that prints it', () => {
  expect(() => readStackEnvironment({ STRIPE_API_KEY: 'sk_test_abc', PORT: '4000' })).toThrow(
    /stripe listen --forward-to localhost:4000\/api\/v1\/billing\/webhooks\/stripe/,
  )
})

test('all mistakes are reported at once', () => {
  const env = { DATABASE_URL: 'mysql://localhost/perennial', PORT: '80' }
  expect(() => readStackEnvironment(env)).toThrow(/DATABASE_URL.*\n.*PORT/)
})
