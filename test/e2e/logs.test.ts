import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

/** Each is a secret or an address, and unlike anything else in the log. */
const SECRETS = {
  stripeKey: 'sk_test_S3cretStripeKey',
  webhookSecret: 'whsec_S3cretOfTheWebhook',
  jwtSecret: 'S3cretOfTheTokens0123456789abcdef',
  smtpPassword: 'S3cretOfTheMail',
  payloadKey: Buffer.alloc(32, 'S3cret').toString('base64'),
  webhookKey: Buffer.alloc(32, 'S3cretKey').toString('base64'),
  unknownKey: 'bk_S3cretOfSomebody',
  address: 'ada.lovelace@example.com',
  query: 'S3cretInAQuery',
}

let database: TestDatabase
let api: ApiProcess
let url: string
beforeAll(async () => {
  database = await createDatabase()
  const port = await anyFreePort()
  url = `http://127.0.0.1:${port}/api/v1/billing`
  api = await startApiProcess(database.url, port, {
    LOG_LEVEL: 'debug',
    STRIPE_API_KEY: SECRETS.stripeKey,
    // No server listens there, so that failures are logged.
    STRIPE_API_BASE: 'http://127.0.0.1:1',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    STRIPE_WEBHOOK_SECRET: SECRETS.webhookSecret,
    JWT_SECRET: SECRETS.jwtSecret,
    SMTP_URL: `smtp://user:${SECRETS.smtpPassword}@127.0.0.1:1`,
    TEMPORAL_PAYLOAD_KEYS: `2026=${SECRETS.payloadKey}`,
    WEBHOOK_SECRET_KEYS: `2026=${SECRETS.webhookKey}`,
  })
})
afterAll(async () => {
  await api.kill()
  await database.close()
})

const post = (path: string, headers: Record<string, string>, body: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const APP = { authorization: 'Bearer bk_dev_app', 'x-user-id': 'ada' }

test('a log contains no secret and no e-mail address, whatever fails', async () => {
  const checkout = { plan_id: 'plan_pro_monthly', email: SECRETS.address }
  const answers = [
    await post('/subscriptions/checkout', APP, checkout),
    await post(
      '/subscriptions/checkout',
      { authorization: `Bearer ${SECRETS.unknownKey}` },
      checkout,
    ),
    await post('/subscriptions/checkout', APP, `{"email": "${SECRETS.address}"`),
    await post(
      '/webhooks/stripe',
      { 'stripe-signature': `t=1,v1=${SECRETS.webhookSecret}` },
      checkout,
    ),
    await post('/usage/consume', APP, { feature: SECRETS.query, amount: 1 }),
    await fetch(`${url}/subscriptions?after=${SECRETS.query}`, { headers: APP }),
    await fetch(`${new URL(url).origin}/readyz`),
  ]
  expect(answers.map(({ status }) => status)).toEqual([503, 401, 400, 400, 200, 422, 503])
  const operator = { authorization: 'Bearer bk_dev_operator' }
  const made = await post('/admin/webhook-endpoints', operator, { url: 'http://127.0.0.1:1/' })
  const endpoint = (await made.json()) as { id: string; secret: string }
  expect(endpoint.secret).toMatch(/^whsec_/)
  await post(`/admin/webhook-endpoints/${endpoint.id}/test`, operator, '')
  // The error of a violated constraint quotes the whole row.
  await database.pool.query(
    'alter table customers add constraint nobody_has_an_address check (email is null) not valid',
  )
  const broken = await post('/subscriptions/checkout', { ...APP, 'x-user-id': 'grace' }, checkout)
  expect(broken.status).toBe(500)
  await until('the failure is logged', async () => api.log().includes('"msg":"a request failed"'))
  const log = api.log()
  expect(Object.entries(SECRETS).filter(([, secret]) => log.includes(secret))).toEqual([])
  expect(log).not.toContain('bk_dev_app')
  expect(log).not.toContain(endpoint.secret.slice('whsec_'.length))
  expect(log).toContain('nobody_has_an_address')
})
