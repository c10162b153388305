import { z } from 'zod'
import { wordsOfIssue } from '../assembly/issue-words.ts'
import { STATE } from './project.ts'

/** The settings that the developer may override with variables; the stack starts everything else. */
const schema = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be postgres://user:password@host:5432/database',
    })
    .optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  STRIPE_API_KEY: z
    .string()
    .regex(
      /^(sk|rk)_test_/,
      'must be a test key (sk_test_… or rk_test_…): this stack never touches real money',
    )
    .optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
  /** The first port to try for the API. */
  PORT: z.coerce.number().int().min(1024).max(65_000).default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** The stack's data directory. Stacks with different directories can run in parallel. */
  PERENNIAL_STATE: z.string().min(1).default(STATE),
})

/** The validated settings, with defaults filled in. */
export type StackEnvironment = z.infer<typeof schema>

/** @throws with all problems, in words for the user of `npm start`. */
export function readStackEnvironment(env: NodeJS.ProcessEnv): StackEnvironment {
  const result = schema.safeParse(env, { error: wordsOfIssue })
  if (!result.success) {
    const problems = result.error.issues.map(
      (issue) => `  ${issue.path.join('.')} ${issue.message}`,
    )
    throw new Error(`The environment is not usable:\n${problems.join('\n')}`)
  }
  const { STRIPE_API_KEY, STRIPE_WEBHOOK_SECRET, PORT } = result.data
  if (STRIPE_API_KEY !== undefined && STRIPE_WEBHOOK_SECRET === undefined) {
    throw new Error(
      'STRIPE_API_KEY is set, so real Stripe is used (test mode), and its webhooks need STRIPE_WEBHOOK_SECRET.\n' +
        `Run: stripe listen --forward-to localhost:${PORT}/api/v1/billing/webhooks/stripe\n` +
        'It prints the secret (whsec_…). Or unset STRIPE_API_KEY to use the simulator.',
    )
  }
  return result.data
}
