import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeClient } from '../../adapters/stripe/sdk/client.ts'
import { startStripeSimulator } from '../../packages/stripe-simulator/simulator.ts'
import { ensureWebhookEndpoint } from '../../dev/webhook-endpoint.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'perennial-webhook-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

test('the webhook endpoint is created once, and follows the API to another port', async () => {
  const first = await simulator()
  const secret = await register(first.stripe, 'http://127.0.0.1:3000/webhooks')
  await first.close()

  const second = await simulator()
  expect(await register(second.stripe, 'http://127.0.0.1:3001/webhooks')).toBe(secret)
  const { data } = await second.stripe.webhookEndpoints.list()
  expect(data.map(({ url }) => url)).toEqual(['http://127.0.0.1:3001/webhooks'])
  await second.close()
})

test('an endpoint that the simulator has lost is created again', async () => {
  const first = await simulator()
  const secret = await register(first.stripe, 'http://127.0.0.1:3000/webhooks')
  await first.close()
  await rm(join(directory, 'stripe.journal'))

  const second = await simulator()
  expect(await register(second.stripe, 'http://127.0.0.1:3000/webhooks')).not.toBe(secret)
  expect((await second.stripe.webhookEndpoints.list()).data).toHaveLength(1)
  await second.close()
})

function register(stripe: ReturnType<typeof createStripeClient>, url: string): Promise<string> {
  return ensureWebhookEndpoint(stripe, url, join(directory, 'webhook.json'))
}

async function simulator() {
  const { url, close } = await startStripeSimulator({
    clock: { now: () => new Date() },
    journalPath: join(directory, 'stripe.journal'),
  })
  return { stripe: createStripeClient({ apiKey: 'sk_test_simulator', apiBase: url }), close }
}
