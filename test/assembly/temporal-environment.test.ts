import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readApiConfig } from '../../api/config.ts'
import { readWorkerConfig } from '../../worker/config.ts'

const STRONG = {
  DATABASE_URL: 'postgres://perennial:kX9w-2mPq7@db:5432/perennial',
  STRIPE_API_KEY: 'sk_live_51Hq8ZqAbCdEfGhIj',
  STRIPE_WEBHOOK_SECRET: 'whsec_Yq2mWb7sXk1pLr9t',
  SMTP_URL: 'smtps://mail.example.com:465',
  PUBLIC_URL: 'https://billing.example.com',
}

let directory: string
const fileOf = async (name: string, text: string) => {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'perennial-profile-'))
})
afterAll(() => rm(directory, { recursive: true }))

const temporalOf = (environment: Record<string, string>) =>
  readWorkerConfig({ ...STRONG, ...environment }).container.temporal

describe('the connection to Temporal', () => {
  test('is without TLS to this machine by default', () => {
    expect(temporalOf({})).toMatchObject({ address: 'localhost:7233', namespace: 'default' })
    expect(temporalOf({}).tls).toBeUndefined()
  })

  test('uses TLS with an API key, as Temporal Cloud requires', () => {
    const cloud = {
      TEMPORAL_ADDRESS: 'eu-west-1.aws.api.temporal.io:7233',
      TEMPORAL_NAMESPACE: 'billing.a1b2c',
      TEMPORAL_API_KEY: 'secret-of-the-cloud',
    }
    expect(temporalOf(cloud)).toMatchObject({
      address: cloud.TEMPORAL_ADDRESS,
      namespace: cloud.TEMPORAL_NAMESPACE,
      apiKey: cloud.TEMPORAL_API_KEY,
      tls: true,
    })
  })

  test('reads certificates from files or from variables', async () => {
    const certificate = await fileOf('client.pem', 'a certificate')
    const { tls } = temporalOf({
      TEMPORAL_TLS_CLIENT_CERT_PATH: certificate,
      TEMPORAL_TLS_CLIENT_KEY_DATA: 'a key',
      TEMPORAL_TLS_SERVER_NAME: 'temporal.internal',
    })
    expect(tls).toMatchObject({ serverNameOverride: 'temporal.internal' })
    const pair = typeof tls === 'object' ? tls.clientCertPair : undefined
    expect(String(Buffer.from(pair?.crt ?? []))).toBe('a certificate')
    expect(String(Buffer.from(pair?.key ?? []))).toBe('a key')
  })

  test('is read from a profile, and a variable overrides it', async () => {
    const file = await fileOf(
      'temporal.toml',
      `[profile.default]\naddress = "one:7233"\n
       [profile.cloud]\naddress = "two:7233"\nnamespace = "billing.a1b2c"\napi_key = "of-the-profile"\n`,
    )
    const cloud = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' }
    expect(temporalOf({ TEMPORAL_CONFIG_FILE: file })).toMatchObject({ address: 'one:7233' })
    expect(temporalOf({ ...cloud, TEMPORAL_NAMESPACE: 'other' })).toMatchObject({
      address: 'two:7233',
      namespace: 'other',
      apiKey: 'of-the-profile',
      tls: true,
    })
  })

  test('ignores a file that no variable names', async () => {
    await fileOf('stray.toml', '[profile.default]\naddress = "stray:7233"\n')
    expect(temporalOf({ HOME: directory, XDG_CONFIG_HOME: directory })).toMatchObject({
      address: 'localhost:7233',
    })
  })
})

describe('an invalid setting is refused with the name of its variable', () => {
  const wrong: [string, string, Record<string, string>][] = [
    ['TEMPORAL_API_KEY', 'a key in plain text', { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }],
    [
      'TEMPORAL_TLS',
      'certificates without TLS',
      {
        TEMPORAL_TLS: 'false',
        TEMPORAL_TLS_CLIENT_CERT_DATA: 'c',
        TEMPORAL_TLS_CLIENT_KEY_DATA: 'k',
      },
    ],
    ['TEMPORAL_TLS', 'a value that is not a boolean', { TEMPORAL_TLS: 'yes' }],
    [
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
      'a certificate without its key',
      { TEMPORAL_TLS_CLIENT_CERT_DATA: 'c' },
    ],
    [
      'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
      'a missing file',
      { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' },
    ],
    [
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION',
      'no verification of the server',
      { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' },
    ],
    ['TEMPORAL_CONFIG_FILE', 'a missing file of profiles', { TEMPORAL_CONFIG_FILE: '/nowhere' }],
    ['TEMPORAL_PROFILE', 'a profile without a file', { TEMPORAL_PROFILE: 'cloud' }],
  ]
  test.each(wrong)('%s: %s', (variable, _, given) => {
    for (const read of [readApiConfig, readWorkerConfig])
      expect(() => read({ ...STRONG, ...given })).toThrow(new RegExp(`^  ${variable}: `, 'm'))
  })

  test('an unknown profile, and a file that is not TOML', async () => {
    const file = await fileOf('one.toml', '[profile.default]\naddress = "one:7233"\n')
    expect(() => temporalOf({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' })).toThrow(
      /TEMPORAL_PROFILE: Profile 'cloud' not found/,
    )
    const broken = await fileOf('broken.toml', '[profile.default]\napi_key = "S3cretOfTheCloud\n')
    const read = () => temporalOf({ TEMPORAL_CONFIG_FILE: broken })
    expect(read).toThrow(/TEMPORAL_CONFIG_FILE: Invalid TOML/)
    expect(read).not.toThrow(/S3cretOfTheCloud/)
  })

  test('a profile cannot switch TLS off for an API key in production', async () => {
    const text = '[profile.default]\napi_key = "k"\n[profile.default.tls]\ndisabled = true\n'
    const TEMPORAL_CONFIG_FILE = await fileOf('plain.toml', text)
    expect(() => temporalOf({ TEMPORAL_CONFIG_FILE })).toThrow(/TEMPORAL_API_KEY: /)
    const own = { TEMPORAL_CONFIG_FILE, PERENNIAL_ENV: 'development' }
    expect(temporalOf(own)).toMatchObject({ apiKey: 'k', tls: false })
  })
})
