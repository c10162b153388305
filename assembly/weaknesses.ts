import { claimOf } from './database-environment.ts'
import { isGuessable, isKnownPassword, isPrivateHost } from './guessable.ts'
import { isPlain } from './temporal-environment.ts'

/** The process does not start, or it starts and logs a warning. */
export type Consequence = 'refused' | 'warned'

/** A value that production refuses or warns of. docs/security.md lists all of them in this order. */
export type Weakness = {
  readonly variable: string
  /** The weak values, in words. */
  readonly what: string
  readonly consequence: Consequence
  readonly isWeak: (value: string, environment: NodeJS.ProcessEnv) => boolean
  readonly fix: string
  /** By default an unset variable is never weak. */
  readonly evenIfUnset?: true
}

const SECRET_MIN_CHARACTERS = 32
const isWeakSecret = (secret: string): boolean =>
  secret.length < SECRET_MIN_CHARACTERS || isGuessable(secret)

const listed = (list: string): string[] => list.split(',').map((item) => item.trim())

const withUrl =
  (isWeak: (url: URL) => boolean) =>
  (value: string): boolean =>
    URL.canParse(value) && isWeak(new URL(value))

/** The host of `host:port`, which may be an IPv6 address in brackets. */
const hostOf = (address: string): string => address.replace(/:\d+$/, '')

const issuerOf = (variable: 'JWT_SECRET' | 'JWT_JWKS_URL'): Weakness => ({
  variable,
  what: 'without `JWT_ISSUER` and `JWT_AUDIENCE`',
  consequence: 'refused',
  isWeak: (_, { JWT_ISSUER, JWT_AUDIENCE }) => !JWT_ISSUER || !JWT_AUDIENCE,
  fix: 'needs JWT_ISSUER and JWT_AUDIENCE, so tokens for another service do not work here',
})

/** Settings that a production deployment must not or should not have; `docs/security.md` has the same table. */
export const WEAKNESSES: readonly Weakness[] = [
  {
    variable: 'STRIPE_API_KEY',
    what: 'looks like a placeholder',
    consequence: 'refused',
    isWeak: (key) => !/^[sr]k_(live|test)_\w{16,}$/.test(key),
    fix: 'use a key from Stripe, sk_… or rk_…. This looks like a placeholder',
  },
  {
    variable: 'STRIPE_API_KEY',
    what: 'a test key',
    consequence: 'warned',
    isWeak: (key) => /^[sr]k_test_/.test(key),
    fix: 'is a test key, so no customer is charged. Use a live key where customers pay',
  },
  {
    variable: 'STRIPE_API_BASE',
    what: 'any value',
    consequence: 'refused',
    isWeak: () => true,
    fix: 'remove it. Only a simulator has another address',
  },
  {
    variable: 'STRIPE_WEBHOOK_SECRET',
    what: 'looks like a placeholder',
    consequence: 'refused',
    isWeak: (secrets) => listed(secrets).some((secret) => !/^whsec_\S{16,}$/.test(secret)),
    fix: 'use the secret that Stripe shows, at least 16 characters after whsec_. With a guessed one, anyone can report payments',
  },
  {
    variable: 'PERENNIAL_CLOCK_FILE',
    what: 'any value',
    consequence: 'refused',
    isWeak: () => true,
    fix: 'remove it. Time must not be moved where customers pay',
  },
  {
    variable: 'PUBLIC_URL',
    what: 'without TLS',
    consequence: 'refused',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'use an https:// address. It receives Stripe’s webhooks and API keys',
  },
  {
    variable: 'DATABASE_URL',
    what: 'a password that is empty, well known, or the name of the user',
    consequence: 'refused',
    isWeak: withUrl(isKnownPassword),
    fix: 'use your own password. This one is empty, well known, or the name of the user',
  },
  {
    variable: 'SUPABASE_URL',
    what: 'without TLS, on a public network',
    consequence: 'refused',
    isWeak: withUrl(({ protocol, hostname }) => protocol === 'http:' && !isPrivateHost(hostname)),
    fix: 'use an https:// address. It receives the service role key',
  },
  {
    variable: 'SUPABASE_SERVICE_ROLE_KEY',
    what: 'from Supabase’s documentation',
    consequence: 'refused',
    isWeak: (key) => claimOf(key, 'iss') === 'supabase-demo',
    fix: 'use your own key. This one is in the documentation of self-hosted Supabase',
  },
  {
    variable: 'TEMPORAL_ADDRESS',
    what: 'without TLS, on a public network',
    consequence: 'refused',
    isWeak: (address, environment) => isPlain(environment) && !isPrivateHost(hostOf(address)),
    fix: 'is on a public network. Set TEMPORAL_TLS=true, or use a private address. Anyone on the way could read and change subscriptions',
  },
  {
    variable: 'TEMPORAL_PAYLOAD_KEYS',
    what: 'unset',
    consequence: 'warned',
    evenIfUnset: true,
    isWeak: (keys) => keys === '',
    fix: 'is not set, so everyone who can read Temporal can read user ids and plans. Set a key: docs/security.md',
  },
  {
    variable: 'SMTP_URL',
    what: 'a password without TLS, on a public network',
    consequence: 'refused',
    isWeak: withUrl(
      ({ protocol, password, hostname, searchParams }) =>
        protocol === 'smtp:' &&
        password !== '' &&
        !isPrivateHost(hostname) &&
        searchParams.get('requireTLS') !== 'true',
    ),
    fix: 'would send its password in plain text. Use smtps://, or add ?requireTLS=true for STARTTLS',
  },
  {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    what: 'headers without TLS, on a public network',
    consequence: 'refused',
    isWeak: (endpoint, { OTEL_EXPORTER_OTLP_HEADERS }) =>
      Boolean(OTEL_EXPORTER_OTLP_HEADERS) &&
      withUrl(({ protocol, hostname }) => protocol === 'http:' && !isPrivateHost(hostname))(
        endpoint,
      ),
    fix: 'would send OTEL_EXPORTER_OTLP_HEADERS in plain text. Use an https:// address',
  },
  {
    variable: 'JWT_SECRET',
    what: 'short, from an example, or repeated',
    consequence: 'refused',
    isWeak: isWeakSecret,
    fix: `use at least ${SECRET_MIN_CHARACTERS} random characters: openssl rand -hex 32`,
  },
  {
    variable: 'JWT_JWKS_URL',
    what: 'without TLS',
    consequence: 'refused',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'use an https:// address. With a forged response, anyone can be any user',
  },
  issuerOf('JWT_SECRET'),
  issuerOf('JWT_JWKS_URL'),
  {
    variable: 'SESSION_SECRET',
    what: 'short, from an example, or repeated',
    consequence: 'refused',
    isWeak: (secrets) => listed(secrets).some(isWeakSecret),
    fix: `use at least ${SECRET_MIN_CHARACTERS} random characters: openssl rand -hex 32. With it, anyone can be any user`,
  },
  {
    variable: 'CORS_ORIGINS',
    what: 'without TLS',
    consequence: 'refused',
    isWeak: (origins) => listed(origins).some((origin) => !origin.startsWith('https://')),
    fix: 'use https:// origins, separated by commas',
  },
]
