import { z } from 'zod'
import { commonEnvironment, containerConfig, parseEnvironment } from '../adapters/environment.ts'

const schema = commonEnvironment.extend({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  /** Where people and Stripe reach this API from outside. */
  PUBLIC_URL: z.url(),
  /** One or several, separated by commas: while a secret is being replaced both are valid. */
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((secret) => secret.trim())
        .filter(Boolean),
    )
    .refine(
      (secrets) => secrets.length > 0 && secrets.every((secret) => secret.startsWith('whsec_')),
      {
        message: 'one or several secrets that begin with whsec_, separated by commas',
      },
    ),
  /** Less than an idempotency key of usage is remembered, so that a late event is still known when it comes twice. */
  USAGE_LATENESS_HOURS: z.coerce.number().int().min(0).max(672).default(24),
})

/** @throws with every variable that is missing or wrong. */
export function readApiConfig(environment: NodeJS.ProcessEnv) {
  const parsed = parseEnvironment(schema, environment)
  return {
    container: {
      ...containerConfig('api', parsed),
      usageLatenessMaxMs: parsed.USAGE_LATENESS_HOURS * 3_600_000,
    },
    host: parsed.HOST,
    port: parsed.PORT,
    publicUrl: parsed.PUBLIC_URL.replace(/\/+$/, ''),
    stripeWebhookSecrets: parsed.STRIPE_WEBHOOK_SECRET,
    clockFile: parsed.PERENNIAL_CLOCK_FILE,
  }
}
