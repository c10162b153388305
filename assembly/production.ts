import { claimOf } from './database-environment.ts'

/** A variable, the values that production refuses, and how to correct them. */
type Weakness = {
  readonly variable: string
  readonly isWeak: (value: string, environment: NodeJS.ProcessEnv) => boolean
  readonly fix: string
}

const SECRET_MIN_CHARACTERS = 32
/** Passwords that attackers try first. */
const KNOWN_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'perennial',
  'admin',
  'root',
  'secret',
])
/** Matches the secrets in Supabase's documentation, and one repeated character. */
const KNOWN_SECRET = /^(super-secret|your-)|^(.)\2+$/i

/** This machine, or a name without a dot, as containers use. */
const isLocal = ({ hostname }: URL): boolean =>
  hostname === '[::1]' || hostname.startsWith('127.') || !hostname.includes('.')

const WEAKNESSES: readonly Weakness[] = [
  {
    variable: 'STRIPE_API_KEY',
    isWeak: (key) => !/^[sr]k_(live|test)_\w{16,}$/.test(key),
    fix: 'use a key from Stripe, sk_… or rk_…. This looks like a placeholder',
  },
  {
    variable: 'STRIPE_API_BASE',
    isWeak: () => true,
    fix: 'remove it. Only a simulator has another address',
  },
  {
    variable: 'STRIPE_WEBHOOK_SECRET',
    isWeak: (secrets) =>
      secrets.split(',').some((secret) => !/^whsec_\S{16,}$/.test(secret.trim())),
    fix: 'use the secret that Stripe shows, at least 16 characters after whsec_. With a guessed one, anyone can report payments',
  },
  {
    variable: 'PERENNIAL_CLOCK_FILE',
    isWeak: () => true,
    fix: 'remove it. Time must not be moved where customers pay',
  },
  {
    variable: 'PUBLIC_URL',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'use an https:// address. It receives Stripe’s webhooks and API keys',
  },
  {
    variable: 'DATABASE_URL',
    isWeak: (url) => URL.canParse(url) && KNOWN_PASSWORDS.has(new URL(url).password),
    fix: 'use your own password. This one is empty or well known',
  },
  {
    variable: 'SUPABASE_URL',
    isWeak: (url) => URL.canParse(url) && url.startsWith('http:') && !isLocal(new URL(url)),
    fix: 'use an https:// address. It receives the service role key',
  },
  {
    variable: 'SUPABASE_SERVICE_ROLE_KEY',
    isWeak: (key) => claimOf(key, 'iss') === 'supabase-demo',
    fix: 'use your own key. This one is in the documentation of self-hosted Supabase',
  },
  {
    variable: 'JWT_SECRET',
    isWeak: (secret) => secret.length < SECRET_MIN_CHARACTERS || KNOWN_SECRET.test(secret),
    fix: `use at least ${SECRET_MIN_CHARACTERS} characters that are not from an example`,
  },
  {
    variable: 'JWT_JWKS_URL',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'use an https:// address. With a forged response, anyone can be any user',
  },
  ...(['JWT_SECRET', 'JWT_JWKS_URL'] as const).map((variable) => ({
    variable,
    isWeak: (_: string, { JWT_ISSUER, JWT_AUDIENCE }: NodeJS.ProcessEnv) =>
      !JWT_ISSUER || !JWT_AUDIENCE,
    fix: 'needs JWT_ISSUER and JWT_AUDIENCE, so tokens for another service do not work here',
  })),
  {
    variable: 'SESSION_SECRET',
    isWeak: (secrets) =>
      secrets
        .split(',')
        .map((secret) => secret.trim())
        .some((secret) => secret.length < SECRET_MIN_CHARACTERS || KNOWN_SECRET.test(secret)),
    fix: `use at least ${SECRET_MIN_CHARACTERS} characters that are not from an example. With it, anyone can be any user`,
  },
  {
    variable: 'CORS_ORIGINS',
    isWeak: (origins) => origins.split(',').some((origin) => !origin.trim().startsWith('https://')),
    fix: 'use https:// origins, separated by commas',
  },
]

/** Production is the default. */
export const isProduction = (environment: NodeJS.ProcessEnv): boolean =>
  (environment['PERENNIAL_ENV'] || 'production') === 'production'

/** @returns a line for each value that is too weak for production; none outside production */
export const weaknessesOf = (environment: NodeJS.ProcessEnv): string[] =>
  isProduction(environment)
    ? WEAKNESSES.flatMap(({ variable, isWeak, fix }) => {
        const value = environment[variable]
        return value && isWeak(value, environment) ? [`${variable}: ${fix}`] : []
      })
    : []
