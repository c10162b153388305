import { z } from 'zod'
import {
  commaSeparated,
  commonEnvironment,
  containerConfig,
  parseEnvironment,
} from '../assembly/environment.ts'
import { SETTLE_POLICIES } from '../domain/usage/reservation.ts'

import { DOWNGRADES_NOW } from './auth/access.ts'

/** More requests than one process can answer in a minute. */
const CALLS_MAX = 100_000_000

/** At least 128 bits in hexadecimal, or 192 bits in base64. */
const SESSION_SECRET_MIN_CHARACTERS = 32

/** It becomes a part of the content security policy, where a space or a semicolon would begin another rule. */
const origin = z
  .string()
  .regex(
    /^https?:\/\/[^/?#*;,'"\s]+$/,
    'an origin, such as https://app.example.com, without a path',
  )

const schema = commonEnvironment.extend({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  /** The address of this API for users and for Stripe. */
  PUBLIC_URL: z.url(),
  /** One or more, separated by commas: during a rotation the old and the new secret are both valid. */
  STRIPE_WEBHOOK_SECRET: commaSeparated.refine(
    (secrets) => secrets.length > 0 && secrets.every((secret) => secret.startsWith('whsec_')),
    {
      message: 'one or more secrets that begin with whsec_, separated by commas',
    },
  ),
  /** Shorter than the time for which keys of usage are stored, so that a late event is never counted twice. */
  USAGE_LATENESS_HOURS: z.coerce.number().int().min(0).max(672).default(24),
  /** How reservations are settled above what is left, where the plan does not say. */
  RESERVATION_SETTLE: z.enum(SETTLE_POLICIES).default('overflow'),
  /** How users' tokens are signed: by an HS256 secret, by keys that the issuer publishes, or by both during a migration. */
  JWT_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  RATE_LIMIT_KEY_PER_MINUTE: z.coerce.number().int().min(1).max(CALLS_MAX).default(600_000),
  RATE_LIMIT_USER_PER_MINUTE: z.coerce.number().int().min(1).max(CALLS_MAX).default(300),
  /** Seals the sessions of the console and the account page, which are off without it. Several during a rotation. */
  SESSION_SECRET: commaSeparated.refine(
    (secrets) => secrets.every((secret) => secret.length >= SESSION_SECRET_MIN_CHARACTERS),
    { message: `at least ${SESSION_SECRET_MIN_CHARACTERS} characters each` },
  ),
  /** Whether applications' keys, besides operators', may change a user's plan to less before the paid period ends. */
  DOWNGRADES_NOW: z.enum(DOWNGRADES_NOW).default('operators'),
  /** The address of the Temporal UI for operators. */
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The origins whose pages may call the API with a user's token. */
  CORS_ORIGINS: commaSeparated.pipe(z.array(origin)),
  /** The page of the application where a visitor of the pricing page buys a plan. */
  PRICING_CHOOSE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The origins whose pages may show the pricing page in a frame. */
  PRICING_FRAME_ORIGINS: commaSeparated.pipe(z.array(origin)),
})

/** @throws an error that lists every missing or invalid variable. */
export function readApiConfig(environment: NodeJS.ProcessEnv) {
  const parsed = parseEnvironment(schema, environment)
  const container = containerConfig('api', parsed)
  return {
    container: {
      ...container,
      usageLatenessMaxMs: parsed.USAGE_LATENESS_HOURS * 3_600_000,
      settlePolicy: parsed.RESERVATION_SETTLE,
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
            pricing: {
              chooseUrl: parsed.PRICING_CHOOSE_URL,
              frameOrigins: parsed.PRICING_FRAME_ORIGINS,
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
      downgradesNow: parsed.DOWNGRADES_NOW,
      developmentKeys: parsed.PERENNIAL_ENV !== 'production',
    },
  }
}
