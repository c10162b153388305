import { claimOf } from './database-environment.ts'

/** What a variable says, and why production refuses it. */
type Weakness = {
  readonly variable: string
  readonly isWeak: (value: string, environment: NodeJS.ProcessEnv) => boolean
  readonly fix: string
}

const SECRET_MIN_CHARACTERS = 32
/** Passwords that everybody tries first. */
const KNOWN_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'perennial',
  'admin',
  'root',
  'secret',
])
/** The secret in the documentation of self-hosted Supabase. */
const KNOWN_SECRET = /^(super-secret|your-)|^(.)\2+$/i

/** This machine, or a name without a dot, as containers have among each other. */
const isLocal = ({ hostname }: URL): boolean =>
  hostname === '[::1]' || hostname.startsWith('127.') || !hostname.includes('.')

const WEAKNESSES: readonly Weakness[] = [
  {
    variable: 'STRIPE_API_KEY',
    isWeak: (key) => !/^[sr]k_(live|test)_\w{16,}$/.test(key),
    fix: 'a key of Stripe’s, sk_… or rk_…; this looks like a placeholder',
  },
  {
    variable: 'STRIPE_API_BASE',
    isWeak: () => true,
    fix: 'leave it out: only a simulator has another address',
  },
  {
    variable: 'STRIPE_WEBHOOK_SECRET',
    isWeak: (secrets) =>
      secrets.split(',').some((secret) => !/^whsec_\S{16,}$/.test(secret.trim())),
    fix: 'as Stripe shows it, at least 16 characters after whsec_: whoever guesses it can report payments',
  },
  {
    variable: 'PERENNIAL_CLOCK_FILE',
    isWeak: () => true,
    fix: 'leave it out: time is not to be moved where people pay',
  },
  {
    variable: 'PUBLIC_URL',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'an https:// address: Stripe’s webhooks and people’s keys travel to it',
  },
  {
    variable: 'DATABASE_URL',
    isWeak: (url) => URL.canParse(url) && KNOWN_PASSWORDS.has(new URL(url).password),
    fix: 'a password of your own; this one is empty or the first that anybody tries',
  },
  {
    variable: 'SUPABASE_URL',
    isWeak: (url) => URL.canParse(url) && url.startsWith('http:') && !isLocal(new URL(url)),
    fix: 'an https:// address: the key that may do everything travels to it',
  },
  {
    variable: 'SUPABASE_SERVICE_ROLE_KEY',
    isWeak: (key) => claimOf(key, 'iss') === 'supabase-demo',
    fix: 'a key of your own; this one is in the documentation of self-hosted Supabase',
  },
  {
    variable: 'JWT_SECRET',
    isWeak: (secret) => secret.length < SECRET_MIN_CHARACTERS || KNOWN_SECRET.test(secret),
    fix: `at least ${SECRET_MIN_CHARACTERS} characters that are nobody’s example`,
  },
  {
    variable: 'JWT_JWKS_URL',
    isWeak: (url) => !url.startsWith('https://'),
    fix: 'an https:// address: whoever can change what it answers is every user',
  },
  ...(['JWT_SECRET', 'JWT_JWKS_URL'] as const).map((variable) => ({
    variable,
    isWeak: (_: string, { JWT_ISSUER, JWT_AUDIENCE }: NodeJS.ProcessEnv) =>
      !JWT_ISSUER || !JWT_AUDIENCE,
    fix: 'needs JWT_ISSUER and JWT_AUDIENCE: tokens that were made for another service must not work here',
  })),
  {
    variable: 'SESSION_SECRET',
    isWeak: (secrets) =>
      secrets
        .split(',')
        .map((secret) => secret.trim())
        .some((secret) => secret.length < SECRET_MIN_CHARACTERS || KNOWN_SECRET.test(secret)),
    fix: `at least ${SECRET_MIN_CHARACTERS} characters that are nobody’s example: whoever knows it can be any user`,
  },
  {
    variable: 'CORS_ORIGINS',
    isWeak: (origins) => origins.split(',').some((origin) => !origin.trim().startsWith('https://')),
    fix: 'https:// origins, separated by commas',
  },
]

/** Unless it says something else. */
export const isProduction = (environment: NodeJS.ProcessEnv): boolean =>
  (environment['PERENNIAL_ENV'] || 'production') === 'production'

/** What of an environment is too weak for production, a line each; nothing for any other environment. */
export const weaknessesOf = (environment: NodeJS.ProcessEnv): string[] =>
  isProduction(environment)
    ? WEAKNESSES.flatMap(({ variable, isWeak, fix }) => {
        const value = environment[variable]
        return value && isWeak(value, environment) ? [`${variable}: ${fix}`] : []
      })
    : []
