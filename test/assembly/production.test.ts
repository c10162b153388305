import { describe, expect, test } from 'vitest'
import { readApiConfig } from '../../api/config.ts'
import { warningsOf } from '../../assembly/production.ts'
import { WEAKNESSES } from '../../assembly/weaknesses.ts'
import { readWorkerConfig } from '../../worker/config.ts'
import { codeIn, rowsOf, textOf } from '../support/documents.ts'

const STRONG = {
  DATABASE_URL: 'postgres://perennial:kX9w-2mPq7@db:5432/perennial',
  STRIPE_API_KEY: 'sk_live_51Hq8ZqAbCdEfGhIj',
  STRIPE_WEBHOOK_SECRET: 'whsec_Yq2mWb7sXk1pLr9t',
  SMTP_URL: 'smtps://mail.example.com:465',
  PUBLIC_URL: 'https://billing.example.com',
}
const TOKENS = { JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'billing' }

/** A token without a valid signature. */
const keyOf = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`

test('a strong configuration starts, and accepts no development keys', () => {
  expect(readApiConfig(STRONG).access.developmentKeys).toBe(false)
  expect(() => readWorkerConfig(STRONG)).not.toThrow()
  const tokens = { JWT_SECRET: 'f3a9c17be0d24486a5d1970c6e8b42dd', ...TOKENS }
  expect(() => readApiConfig({ ...STRONG, ...tokens })).not.toThrow()
})

test.each([
  ['STRIPE_API_KEY', 'sk_test_simulator'],
  ['STRIPE_API_KEY', 'pk_live_51Hq8ZqAbCdEfGhIj'],
  ['STRIPE_API_BASE', 'http://localhost:12111'],
  ['STRIPE_WEBHOOK_SECRET', 'whsec_test'],
  ['STRIPE_WEBHOOK_SECRET', `${STRONG.STRIPE_WEBHOOK_SECRET},whsec_old`],
  ['PERENNIAL_CLOCK_FILE', '/tmp/clock'],
  ['PUBLIC_URL', 'http://billing.example.com'],
  ['DATABASE_URL', 'postgres://postgres:postgres@db:5432/postgres'],
  ['DATABASE_URL', 'postgres://perennial@db:5432/perennial'],
  ['DATABASE_URL', 'postgres://billing:billing@db:5432/billing'],
  ['TEMPORAL_ADDRESS', 'temporal.example.com:7233'],
  ['TEMPORAL_ADDRESS', '203.0.113.7:7233'],
  ['SMTP_URL', 'smtp://billing:x8k2@mail.example.com:587'],
  ['CORS_ORIGINS', 'http://app.example.com'],
  ['CORS_ORIGINS', '*'],
  ['SUPABASE_URL', 'http://project.example.com'],
  ['SUPABASE_SERVICE_ROLE_KEY', keyOf({ role: 'service_role', iss: 'supabase-demo' })],
  ['JWT_SECRET', 'short'],
  ['JWT_SECRET', 'super-secret-jwt-token-with-at-least-32-characters-long'],
  ['JWT_SECRET', 'x'.repeat(40)],
  ['JWT_SECRET', 'changeme-changeme-changeme-changeme'],
  ['JWT_SECRET', 'change-me-7c1de0b4f29a4386b51e90d2'],
  ['SESSION_SECRET', 'x'.repeat(40)],
  ['SESSION_SECRET', 'password'.repeat(5)],
  ['SESSION_SECRET', `f3a9c17be0d24486a5d1970c6e8b42dd,${'your-secret-'.repeat(3)}`],
  ['JWT_JWKS_URL', 'http://id.example.com/keys'],
])('production refuses %s=%s and names the variable', (variable, value) => {
  const start = () => readApiConfig({ ...STRONG, ...TOKENS, [variable]: value })
  expect(start).toThrow(new RegExp(`^  ${variable}: `, 'm'))
})

test('production refuses telemetry headers without TLS on a public network', () => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer abc' }
  const endpoint = (url: string) => ({ ...STRONG, ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: url })
  const refused = /^  OTEL_EXPORTER_OTLP_ENDPOINT: /m
  expect(() => readApiConfig(endpoint('http://otel.example.com'))).toThrow(refused)
  for (const safe of ['http://collector:4318', 'https://otel.example.com'])
    expect(() => readApiConfig(endpoint(safe))).not.toThrow()
})

test.each([
  ['TEMPORAL_ADDRESS', 'temporal:7233'],
  ['TEMPORAL_ADDRESS', 'temporal.billing.svc.cluster.local:7233'],
  ['TEMPORAL_ADDRESS', '10.0.3.4:7233'],
  ['TEMPORAL_ADDRESS', '[::1]:7233'],
  ['SMTP_URL', 'smtp://mail.example.com:25'],
  ['SMTP_URL', 'smtp://billing:x8k2@mailpit:1025'],
  ['SMTP_URL', 'smtp://billing:x8k2@mail.example.com:587/?requireTLS=true'],
])('production accepts %s=%s on a private network, or without a secret', (variable, value) => {
  expect(() => readApiConfig({ ...STRONG, [variable]: value })).not.toThrow()
})

test('TLS makes a public Temporal acceptable', () => {
  const TEMPORAL_ADDRESS = 'temporal.example.com:7233'
  expect(() => readApiConfig({ ...STRONG, TEMPORAL_ADDRESS, TEMPORAL_TLS: 'true' })).not.toThrow()
})

test('production warns of a test key and of readable payloads, and of nothing in development', () => {
  const weak = { ...STRONG, STRIPE_API_KEY: 'sk_test_51Hq8ZqAbCdEfGhIj' }
  expect(warningsOf(weak).map((line) => line.split(':')[0])).toEqual([
    'STRIPE_API_KEY',
    'TEMPORAL_PAYLOAD_KEYS',
  ])
  expect(warningsOf({ ...STRONG, TEMPORAL_PAYLOAD_KEYS: 'a=b' })).toEqual([])
  expect(warningsOf({ ...weak, PERENNIAL_ENV: 'development' })).toEqual([])
})

test('docs/security.md lists what production refuses and warns of, as the code does', () => {
  const documented = rowsOf(textOf('docs/security.md'))
    .filter(([, , consequence]) => consequence === 'refused' || consequence === 'warned')
    .map(([variable, what, consequence]) => [codeIn(variable), what, consequence])
  const inCode = WEAKNESSES.map(({ variable, what, consequence }) => [variable, what, consequence])
  expect(documented).toEqual(inCode)
})

test('a missing or wrong variable is described in plain words', () => {
  const { SMTP_URL: _, ...rest } = STRONG
  const wrong = { ...rest, DATABASE_URL: 'hello', DATABASE_CONNECTIONS_MAX: '0', LOG_LEVEL: 'loud' }
  const start = () => readApiConfig({ ...wrong, PORT: 'many', PUBLIC_URL: 'here' })
  for (const line of [
    'SMTP_URL: is missing',
    'DATABASE_URL: must be postgres://user:password@host:5432/database',
    'DATABASE_CONNECTIONS_MAX: must be at least 1',
    'LOG_LEVEL: must be debug or info or warn or error',
    'PORT: must be a number',
    'PUBLIC_URL: must be a complete address, such as https://example.com',
  ])
    expect(start).toThrow(line)
  expect(start).not.toThrow(/Invalid|expected|received/)
})

test('tokens without an expected issuer or audience are refused', () => {
  const { JWT_ISSUER } = TOKENS
  const JWT_SECRET = 'f3a9c17be0d24486a5d1970c6e8b42dd'
  expect(() => readApiConfig({ ...STRONG, JWT_SECRET, JWT_ISSUER })).toThrow(/JWT_AUDIENCE/)
})

test('missing and weak variables are reported together', () => {
  const { SMTP_URL: _, ...rest } = STRONG
  const start = () => readApiConfig({ ...rest, PUBLIC_URL: 'http://a.example', PORT: 'many' })
  expect(start).toThrow(/PORT[\s\S]*/)
  for (const variable of ['SMTP_URL', 'PORT', 'PUBLIC_URL'])
    expect(start).toThrow(new RegExp(`^  ${variable}: `, 'm'))
})

test('an empty variable counts as unset', () => {
  expect(() => readApiConfig({ ...STRONG, JWT_SECRET: '', STRIPE_API_BASE: '' })).not.toThrow()
})

test('weak values work in development', () => {
  const weak = { ...STRONG, PUBLIC_URL: 'http://localhost:3000', STRIPE_API_KEY: 'sk_test_x' }
  const config = readApiConfig({ ...weak, PERENNIAL_ENV: 'development' })
  expect(config.access.developmentKeys).toBe(true)
})

describe('the database is one of two kinds', () => {
  const { DATABASE_URL, ...REST } = STRONG
  const SUPABASE_URL = 'https://project.supabase.co'
  const SUPABASE_SERVICE_ROLE_KEY = keyOf({ role: 'service_role' })

  test('a Postgres, or a Supabase project', () => {
    expect(readApiConfig({ ...REST, DATABASE_URL }).container.database).toMatchObject({
      kind: 'postgres',
      url: DATABASE_URL,
      pooler: 'none',
    })
    const project = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }
    expect(readWorkerConfig({ ...REST, ...project }).container.database).toEqual({
      kind: 'supabase',
      url: SUPABASE_URL,
      serviceRoleKey: SUPABASE_SERVICE_ROLE_KEY,
    })
    const modern = { ...project, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_0123456789' }
    expect(() => readWorkerConfig({ ...REST, ...modern })).not.toThrow()
    const local = { ...project, SUPABASE_URL: 'http://127.0.0.1:54321' }
    expect(() => readWorkerConfig({ ...REST, ...local })).not.toThrow()
  })

  test.each([
    ['neither', {}, /DATABASE_URL: is missing, and so are SUPABASE_URL/],
    [
      'both',
      { DATABASE_URL, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY },
      /DATABASE_URL: is set, and so is Supabase/,
    ],
    ['an address without a key', { SUPABASE_URL }, /SUPABASE_SERVICE_ROLE_KEY: is missing/],
    ['a key without an address', { SUPABASE_SERVICE_ROLE_KEY }, /SUPABASE_URL: is missing/],
    [
      'a publishable key',
      { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_publishable_1' },
      /role is not service_role/,
    ],
    [
      'a key for users',
      { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: keyOf({ role: 'anon' }) },
      /role is not service_role/,
    ],
  ])('%s is refused, together with other problems', (_, given, sentence) => {
    for (const read of [readApiConfig, readWorkerConfig]) {
      const start = () => read({ ...REST, ...given, LOG_LEVEL: 'loud' })
      expect(start).toThrow(sentence)
      expect(start).toThrow(/LOG_LEVEL/)
    }
  })
})
