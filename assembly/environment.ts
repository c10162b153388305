import { z } from 'zod'
import { MONEY_BACK_CHOICES } from '../domain/invoice/money-back.ts'
import { EMAIL_OWNERS } from '../domain/customer/repository.ts'
import { LETTER_KINDS } from '../domain/customer/letter.ts'
import { BILLING_ADDRESSES, TAX_BEHAVIORS } from '../domain/stripe/tax.ts'
import { TRIAL_LIMITS } from '../domain/subscription/trial-identity.ts'
import { TASK_QUEUE } from '../workflows/contract.ts'
import type { ContainerConfig } from './container-config.ts'
import { databaseConfig, databaseEnvironment, problemsOfDatabase } from './database-environment.ts'
import { KEY_BYTES } from '../adapters/secrets/sealing.ts'
import { problemsOfTemporal, temporalConfig, temporalEnvironment } from './temporal-environment.ts'
import { wordsOfIssue } from './issue-words.ts'
import { isProduction, weaknessesOf } from './production.ts'
import { telemetryConfig, telemetryEnvironment } from './telemetry-environment.ts'

const itemsOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** A list separated by commas. Empty items are dropped. */
export const commaSeparated = z.string().default('').transform(itemsOf)

/** At least 128 bits in hexadecimal, or 192 bits in base64. */
const TRIAL_SECRET_MIN_CHARACTERS = 32

const namedKey = z
  .string()
  .transform((text) => {
    const [, id = '', key = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
    return { id, key: Buffer.from(key, 'base64') }
  })
  .refine(
    ({ id, key }) => id !== '' && key.length === KEY_BYTES,
    `\`<name>=<key>\`, with a key from: openssl rand -base64 ${KEY_BYTES}`,
  )

/** The variables that all processes read. Each adds its own in its `config.ts`. */
export const commonEnvironment = z.object({
  PERENNIAL_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  ...databaseEnvironment,
  ...temporalEnvironment,
  ...telemetryEnvironment,
  TEMPORAL_TASK_QUEUE: z.string().min(1).default(TASK_QUEUE),
  /** The keys that encrypt payloads in Temporal, `<name>=<base64 of 32 bytes>`. The first one encrypts, all decrypt. */
  TEMPORAL_PAYLOAD_KEYS: commaSeparated.pipe(z.array(namedKey)),
  /** The keys that seal the signing secrets of webhooks, in the same form. Without one, webhooks are off. */
  WEBHOOK_SECRET_KEYS: commaSeparated.pipe(z.array(namedKey)),
  STRIPE_API_KEY: z.string().min(1),
  STRIPE_API_BASE: z.url().optional(),
  /** Our own account. Events that name another one are parked. */
  STRIPE_ACCOUNT: z.string().startsWith('acct_').optional(),
  /** Whether thin events, which come without their object, are processed. */
  STRIPE_THIN_EVENTS: z.enum(['on', 'off']).default('off'),
  /** How long the inbox keeps whole events. Stripe itself lists them for 30 days. 0 keeps only their ids. */
  PAYLOAD_RETENTION_DAYS: z.coerce.number().int().min(0).max(3_650).default(0),
  /**
   * The limit for all processes together. Stripe allows an account 100 in live mode and 25 in a sandbox, and 25 to most single
   * endpoints in either. @see https://docs.stripe.com/rate-limits
   */
  STRIPE_REQUESTS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(25),
  SMTP_URL: z.url({
    protocol: /^smtps?$/,
    error: ({ input }) =>
      input === undefined ? 'is missing' : 'must be smtps://user:password@host:465',
  }),
  MAIL_FROM: z.string().min(3).default('Perennial <billing@localhost>'),
  /** The page where customers manage their subscription, in the application or the account page. Letters link to it. */
  MAIL_MANAGE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The kinds of e-mail that are not sent. */
  MAIL_DISABLED_KINDS: commaSeparated.pipe(z.array(z.enum(LETTER_KINDS))),
  /** The side whose e-mail addresses get the letters. */
  CUSTOMER_EMAIL_FROM: z.enum(EMAIL_OWNERS).default('application'),
  /** Whether a subscription ends when the invoice of its period is fully refunded, or a payment is disputed. */
  ON_FULL_REFUND: z.enum(MONEY_BACK_CHOICES).default('keep'),
  ON_DISPUTE: z.enum(MONEY_BACK_CHOICES).default('keep'),
  /** Whether Stripe Tax calculates the tax of new subscriptions, and what their payment pages ask for. */
  STRIPE_AUTOMATIC_TAX: z.enum(['on', 'off']).default('off'),
  STRIPE_TAX_ID_COLLECTION: z.enum(['on', 'off']).default('off'),
  STRIPE_BILLING_ADDRESS: z.enum(BILLING_ADDRESSES).default('auto'),
  /** Whether the prices of plans include tax. Without it, the default of the Stripe account counts. */
  STRIPE_TAX_BEHAVIOR: z.enum(TAX_BEHAVIORS).optional(),
  /** By what a person is recognized, who has one trial in each product line. */
  TRIAL_ONCE_PER: z
    .string()
    .default('user,email,card')
    .transform(itemsOf)
    .pipe(z.array(z.enum(TRIAL_LIMITS)))
    .refine((limits) => limits.includes('user'), '`user` alone, or with `email`, `card` or both'),
  /** Keys the stored hashes of those people. Several during a rotation: all of them find and store. */
  TRIAL_SECRET: commaSeparated.refine(
    (secrets) => secrets.every((secret) => secret.length >= TRIAL_SECRET_MIN_CHARACTERS),
    `at least ${TRIAL_SECRET_MIN_CHARACTERS} characters each`,
  ),
  /** A file with the offset of the clock, with which the embedded stack moves time. */
  PERENNIAL_CLOCK_FILE: z.string().optional(),
})

type CommonEnvironment = z.infer<typeof commonEnvironment>

/** The configuration of the parts that every process shares, from its validated environment. */
export const containerConfig = (name: string, environment: CommonEnvironment): ContainerConfig => ({
  name,
  environment: environment.PERENNIAL_ENV,
  logLevel: environment.LOG_LEVEL,
  database: databaseConfig(environment),
  temporal: {
    ...temporalConfig(environment),
    taskQueue: environment.TEMPORAL_TASK_QUEUE,
    payloadKeys: environment.TEMPORAL_PAYLOAD_KEYS,
  },
  stripe: {
    apiKey: environment.STRIPE_API_KEY,
    apiBase: environment.STRIPE_API_BASE,
    account: environment.STRIPE_ACCOUNT,
    requestsPerSecond: environment.STRIPE_REQUESTS_PER_SECOND,
    thinEvents: environment.STRIPE_THIN_EVENTS === 'on',
    keepsBodies: environment.PAYLOAD_RETENTION_DAYS > 0,
  },
  mail: {
    smtpUrl: environment.SMTP_URL,
    from: environment.MAIL_FROM,
    manageUrl: environment.MAIL_MANAGE_URL,
    disabledKinds: environment.MAIL_DISABLED_KINDS,
  },
  telemetry: telemetryConfig(name, environment),
  webhooks: { secretKeys: environment.WEBHOOK_SECRET_KEYS },
  trials: { oncePer: environment.TRIAL_ONCE_PER, secrets: environment.TRIAL_SECRET },
  tax: {
    automatic: environment.STRIPE_AUTOMATIC_TAX === 'on',
    taxIds: environment.STRIPE_TAX_ID_COLLECTION === 'on',
    billingAddress: environment.STRIPE_BILLING_ADDRESS,
    behavior: environment.STRIPE_TAX_BEHAVIOR ?? null,
  },
  emailOwner: environment.CUSTOMER_EMAIL_FROM,
  moneyBack: { onFullRefund: environment.ON_FULL_REFUND, onDispute: environment.ON_DISPUTE },
})

/** A variable is missing or wrong. The message names each. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** @returns a line for each problem, including those between several variables */
type Check = (environment: NodeJS.ProcessEnv, inProduction: boolean) => string[]
const CHECKS: readonly Check[] = [problemsOfDatabase, problemsOfTemporal, weaknessesOf]

/**
 * Parses an environment.
 *
 * @param checks further checks; a command that needs fewer variables passes its own
 * @throws EnvironmentError with every variable that is missing, wrong, or too weak for production
 */
export function parseEnvironment<T extends z.ZodType>(
  schema: T,
  environment: NodeJS.ProcessEnv,
  checks: readonly Check[] = CHECKS,
): z.infer<T> {
  // Docker Compose passes unset variables as empty text.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given, { error: wordsOfIssue })
  const wrong = result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const problems = [
    ...(wrong ?? []),
    ...checks.flatMap((problemsOf) => problemsOf(given, isProduction(given))),
  ].map((line) => `  ${line}`)
  if (result.success && problems.length === 0) return result.data
  throw new EnvironmentError(
    `The environment cannot be used:\n${problems.join('\n')}\n` +
      'docs/configuration.md explains each variable, and docs/security.md what production refuses.\n' +
      'On your own machine, PERENNIAL_ENV=development allows weak values.',
  )
}
