import { z } from 'zod'
import { MONEY_BACK_CHOICES } from '../domain/invoice/money-back.ts'
import { NOTICE_KINDS } from '../domain/customer/letter.ts'
import { TASK_QUEUE } from '../workflows/contract.ts'
import type { ContainerConfig } from './container.ts'
import { databaseConfig, databaseEnvironment, problemsOfDatabase } from './database-environment.ts'
import { KEY_BYTES } from '../adapters/secrets/sealing.ts'
import { problemsOfTemporal, temporalConfig, temporalEnvironment } from './temporal-environment.ts'
import { isProduction, weaknessesOf } from './production.ts'
import { telemetryConfig, telemetryEnvironment } from './telemetry-environment.ts'

/** Texts separated by commas; what is empty is none. */
export const commaSeparated = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

const namedKey = z
  .string()
  .transform((text) => {
    const [, id = '', key = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
    return { id, key: Buffer.from(key, 'base64') }
  })
  .refine(
    ({ id, key }) => id !== '' && key.length === KEY_BYTES,
    `\`<name>=<key>\`, the key as made by: openssl rand -base64 ${KEY_BYTES}`,
  )

/** What both processes read from their environment; each adds its own in its `config.ts`. */
export const commonEnvironment = z.object({
  PERENNIAL_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  ...databaseEnvironment,
  ...temporalEnvironment,
  ...telemetryEnvironment,
  TEMPORAL_TASK_QUEUE: z.string().min(1).default(TASK_QUEUE),
  /** Keys that encrypt what is in Temporal, `<name>=<base64 of 32 bytes>`: the first one encrypts, all decrypt. */
  TEMPORAL_PAYLOAD_KEYS: commaSeparated.pipe(z.array(namedKey)),
  /** Keys that seal the signing secrets of webhooks, in the same form. Without one there are no webhooks. */
  WEBHOOK_SECRET_KEYS: commaSeparated.pipe(z.array(namedKey)),
  STRIPE_API_KEY: z.string().min(1),
  STRIPE_API_BASE: z.url().optional(),
  /** Our own account; events that name another one are parked. */
  STRIPE_ACCOUNT: z.string().startsWith('acct_').optional(),
  /** Whether events that come without their objects are acted upon. */
  STRIPE_THIN_EVENTS: z.enum(['on', 'off']).default('off'),
  /** How long what events say besides ids is kept. Stripe itself lists them for 30 days; 0 keeps nothing of it. */
  PAYLOAD_RETENTION_DAYS: z.coerce.number().int().min(0).max(3_650).default(0),
  /** Of all processes together: Stripe allows an account 25 in test mode, and more in live mode. */
  STRIPE_REQUESTS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(25),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(3).default('Perennial <billing@localhost>'),
  /** Kinds of e-mail that are not sent, separated by commas. */
  MAIL_DISABLED_KINDS: commaSeparated.pipe(z.array(z.enum(NOTICE_KINDS))),
  /** Whether a subscription ends when the bill of its period is refunded as a whole, or a payment is disputed. */
  ON_FULL_REFUND: z.enum(MONEY_BACK_CHOICES).default('keep'),
  ON_DISPUTE: z.enum(MONEY_BACK_CHOICES).default('keep'),
  /** A file that holds how far the clock runs ahead; the embedded stack travels in time by it. */
  PERENNIAL_CLOCK_FILE: z.string().optional(),
})

type CommonEnvironment = z.infer<typeof commonEnvironment>

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
    disabledKinds: environment.MAIL_DISABLED_KINDS,
  },
  telemetry: telemetryConfig(name, environment),
  webhooks: { secretKeys: environment.WEBHOOK_SECRET_KEYS },
  moneyBack: { onFullRefund: environment.ON_FULL_REFUND, onDispute: environment.ON_DISPUTE },
})

/** Something is missing from the environment, or wrong in it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** What can be wrong between variables, a line each. */
type Concern = (environment: NodeJS.ProcessEnv, inProduction: boolean) => string[]
const CONCERNS: readonly Concern[] = [problemsOfDatabase, problemsOfTemporal, weaknessesOf]

/**
 * Reads an environment by its schema.
 * @param concerns what else is looked at; a command that needs less of it names that.
 * @throws EnvironmentError with every variable that is missing, wrong, or too weak for production, all at once.
 */
export function parseEnvironment<T extends z.ZodType>(
  schema: T,
  environment: NodeJS.ProcessEnv,
  concerns: readonly Concern[] = CONCERNS,
): z.infer<T> {
  // Compose hands over what is not set as an empty text.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  const wrong = result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const problems = [
    ...(wrong ?? []),
    ...concerns.flatMap((problemsOf) => problemsOf(given, isProduction(given))),
  ].map((line) => `  ${line}`)
  if (result.success && problems.length === 0) return result.data
  throw new EnvironmentError(
    `The environment cannot be used:\n${problems.join('\n')}\n` +
      'docs/configuration.md explains each variable, docs/security.md what production refuses. On a machine of your own,\n' +
      'PERENNIAL_ENV=development takes weak values.',
  )
}
