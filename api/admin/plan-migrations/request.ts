import { z } from '@hono/zod-openapi'
import { CHANGE_TIMES } from '../../../domain/subscription/plan-change.ts'
import type { MigrationTerms } from '../../../domain/migration/plan-migration.ts'
import type { CatalogueRepository } from '../../../domain/catalogue/repository.ts'
import { STATUSES } from '../../../domain/subscription/subscription.ts'
import type { ProblemCode } from '../../problem.ts'
import { slugField } from '../catalogue.ts'
import { reasonField, userIdField } from '../request.ts'
import { givenInstant } from '../../instant.ts'
import { requestObject } from '../../request-object.ts'

/** Far more versions than a plan has in use. */
const FROM_MAX = 50
const USERS_MAX = 1_000
/**
 * Subscriptions per minute. Stripe allows an account 100 requests a second in live mode and 25 in a sandbox; our own limit is
 * 25 by default. Migrating one subscription takes several requests.
 *
 * @see https://docs.stripe.com/rate-limits
 */
const RATE_MAX = 3_000
const RATE_DEFAULT = 300

const versionName = requestObject({ plan: slugField, version: z.int().min(1) })
const instant = givenInstant.optional()

/** The body that starts a migration. */
export const requestSchema = requestObject({
  from: z.array(versionName).min(1).max(FROM_MAX),
  to: versionName,
  when: z
    .enum(CHANGE_TIMES)
    .default('period_end')
    .describe(
      '`now` charges or credits the proration; `period_end` migrates at each renewal, without proration.',
    ),
  filter: requestObject({
    statuses: z.array(z.enum(STATUSES)).min(1).optional(),
    user_ids: z.array(userIdField).min(1).max(USERS_MAX).optional(),
    subscribed_since: instant,
    subscribed_before: instant,
  })
    .optional()
    .describe('Limits the migration to some of the subscriptions. By default it migrates all.'),
  dry_run: z.boolean().default(false).describe('Whether to report the outcome without migrating.'),
  canary_percent: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe(
      'The share that is migrated first, before the migration waits for approval. 0 migrates all without approval.',
    ),
  rate_per_minute: z.int().min(1).max(RATE_MAX).default(RATE_DEFAULT),
  reason: reasonField,
}).openapi('PlanMigrationRequest')

type Refusal = { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string }

/** The terms of a migration, or the reason why it is not possible between these versions. */
export async function termsOf(
  request: z.infer<typeof requestSchema>,
  catalogue: CatalogueRepository,
): Promise<{ readonly kind: 'terms'; readonly terms: MigrationTerms } | Refusal> {
  const from: string[] = []
  for (const { plan: slug, version } of request.from) {
    const found = await catalogue.findVersion({ slug, version })
    if (found === undefined) return notFound(slug, version)
    if (found.state === 'draft')
      return refuse(
        'plan_version_not_published',
        `${slug}/${version} is a draft, so no subscription has it. Leave it out.`,
      )
    from.push(found.id)
  }
  const { plan: slug, version } = request.to
  const to = await catalogue.findVersion({ slug, version })
  if (to === undefined) return notFound(slug, version)
  if ((await catalogue.findPlan(slug))?.kind === 'addon')
    return refuse(
      'plan_version_not_found',
      `${slug} is an add-on, and subscriptions have a base plan. Name a version of one.`,
    )
  if (to.state === 'draft')
    return refuse(
      'plan_version_not_published',
      `${slug}/${version} is a draft. Publish it with PUT /admin/plans/${slug}/versions/${version}/publication first.`,
    )
  if (to.state === 'retired')
    return refuse('plan_version_retired', `${slug}/${version} is retired. Publish a new version.`)
  if (to.customFor !== null)
    return refuse(
      'plan_version_custom',
      `${slug}/${version} belongs to one user. Publish a version for all users.`,
    )
  const { filter = {} } = request
  return {
    kind: 'terms',
    terms: {
      from: [...new Set(from)],
      to: to.id,
      when: request.when,
      filter: {
        statuses: filter.statuses ?? null,
        userIds: filter.user_ids ?? null,
        since: filter.subscribed_since ?? null,
        before: filter.subscribed_before ?? null,
      },
      dryRun: request.dry_run,
      canaryPercent: request.canary_percent,
      ratePerMinute: request.rate_per_minute,
      reason: request.reason,
    },
  }
}

const refuse = (code: ProblemCode, detail: string): Refusal => ({ kind: 'refused', code, detail })
const notFound = (slug: string, version: number) =>
  refuse('plan_version_not_found', `There is no version ${version} of \`${slug}\`.`)
