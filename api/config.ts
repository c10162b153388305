import { z } from 'zod'
import {
  commaSeparated,
  commonEnvironment,
  containerConfig,
  parseEnvironment,
} from '../assembly/environment.ts'

/** More than one process can take; a limit beyond it limits nothing. */
const CALLS_MAX = 100_000_000

/** 256 bits in hexadecimal, and a little less in base64. */
const SESSION_SECRET_MIN_CHARACTERS = 32

const schema = commonEnvironment.extend({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  /** Where people and Stripe reach this API from outside. */
  PUBLIC_URL: z.url(),
  /** One or several, separated by commas: while a secret is being replaced both are valid. */
  STRIPE_WEBHOOK_SECRET: commaSeparated.refine(
    (secrets) => secrets.length > 0 && secrets.every((secret) => secret.startsWith('whsec_')),
    {
      message: 'one or several secrets that begin with whsec_, separated by commas',
    },
  ),
  /** Less than an idempotency key of usage is remembered, so that a late event is still known when it comes twice. */
  USAGE_LATENESS_HOURS: z.coerce.number().int().min(0).max(672).default(24),
  /** For end users' tokens: the secret of HS256, or where the issuer publishes its keys, or both while one is replaced. */
  JWT_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  RATE_LIMIT_KEY_PER_MINUTE: z.coerce.number().int().min(1).max(CALLS_MAX).default(600_000),
  RATE_LIMIT_USER_PER_MINUTE: z.coerce.number().int().min(1).max(CALLS_MAX).default(300),
  /** Seals the sessions of the console and of the account page, which are off without it; several while one is replaced. */
  SESSION_SECRET: commaSeparated.refine(
    (secrets) => secrets.every((secret) => secret.length >= SESSION_SECRET_MIN_CHARACTERS),
    { message: `at least ${SESSION_SECRET_MIN_CHARACTERS} characters each` },
  ),
  /** Where operators reach the Temporal UI, for links to it. */
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Pages of these origins may call with a user's token. */
  CORS_ORIGINS: commaSeparated.pipe(
    z.array(
      z
        .string()
        .regex(
          /^https?:\/\/[^/?#*]+$/,
          'an origin, such as https://app.example.com, without a path',
        ),
    ),
  ),
})

/** @throws with every variable that is missing or wrong. */
export function readApiConfig(environment: NodeJS.ProcessEnv) {
  const parsed = parseEnvironment(schema, environment)
  const container = containerConfig('api', parsed)
  return {
    container: {
      ...container,
      usageLatenessMaxMs: parsed.USAGE_LATENESS_HOURS * 3_600_000,
    },
    host: parsed.HOST,
    port: parsed.PORT,
    publicUrl: parsed.PUBLIC_URL.replace(/\/+$/, ''),
    stripeWebhookSecrets: parsed.STRIPE_WEBHOOK_SECRET,
    clockFile: parsed.PERENNIAL_CLOCK_FILE,
    pages:
      parsed.SESSION_SECRET.length === 0
        ? undefined
        : {
            sessionSecrets: parsed.SESSION_SECRET,
            temporalUi:
              parsed.TEMPORAL_UI_URL === undefined
                ? undefined
                : {
                    url: parsed.TEMPORAL_UI_URL.replace(/\/+$/, ''),
                    namespace: container.temporal.namespace,
                  },
          },
    access: {
      userTokens: {
        secret: parsed.JWT_SECRET,
        jwksUrl: parsed.JWT_JWKS_URL,
        issuer: parsed.JWT_ISSUER,
        audience: parsed.JWT_AUDIENCE,
      },
      rateLimits: {
        keyPerMinute: parsed.RATE_LIMIT_KEY_PER_MINUTE,
        userPerMinute: parsed.RATE_LIMIT_USER_PER_MINUTE,
      },
      corsOrigins: parsed.CORS_ORIGINS,
      developmentKeys: parsed.PERENNIAL_ENV !== 'production',
    },
  }
}
