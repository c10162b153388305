import { z } from '@hono/zod-openapi'
import { CHANGE_TIMES } from '../../../domain/subscription/plan-change.ts'
import type { MigrationTerms } from '../../../domain/migration/plan-migration.ts'
import type { CatalogueRepository } from '../../../domain/catalogue/repository.ts'
import { STATUSES } from '../../../domain/subscription/subscription.ts'
import type { ProblemCode } from '../../problem.ts'
import { slugField } from '../catalogue.ts'
import { reasonField, userIdField } from '../request.ts'

/** A plan that has more versions in use than this has other troubles. */
const FROM_MAX = 50
const USERS_MAX = 1_000
/** Stripe takes 100 requests a second, and a move is some of them. */
const RATE_MAX = 3_000
const RATE_USUAL = 300

const named = z.strictObject({ plan: slugField, version: z.int().min(1) })
const day = z.iso
  .datetime({ offset: true })
  .transform((at) => new Date(at))
  .optional()
  .openapi({ type: 'string', format: 'date-time' })

export const requestSchema = z
  .strictObject({
    from: z.array(named).min(1).max(FROM_MAX),
    to: named,
    when: z
      .enum(CHANGE_TIMES)
      .default('period_end')
      .describe(
        '`now` charges and credits what is left of the period; `period_end` charges nothing.',
      ),
    filter: z
      .strictObject({
        statuses: z.array(z.enum(STATUSES)).min(1).optional(),
        user_ids: z.array(userIdField).min(1).max(USERS_MAX).optional(),
        subscribed_since: day,
        subscribed_before: day,
      })
      .default({})
      .describe('Whom of those who have these versions; what is left out does not matter.'),
    dry_run: z.boolean().default(false).describe('Says what would happen, and moves nobody.'),
    canary_percent: z
      .int()
      .min(0)
      .max(100)
      .default(5)
      .describe('So many are moved first; then it waits for approval. 0 moves all at once.'),
    rate_per_minute: z.int().min(1).max(RATE_MAX).default(RATE_USUAL),
    reason: reasonField,
  })
  .openapi('PlanMigrationRequest')

type Refusal = { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string }

/** What was asked for, with the versions that it names, if they can be migrated between. */
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
        `${slug}/${version} is a draft: nobody has it. Leave it out.`,
      )
    from.push(found.id)
  }
  const { plan: slug, version } = request.to
  const to = await catalogue.findVersion({ slug, version })
  if (to === undefined) return notFound(slug, version)
  if (to.state === 'draft')
    return refuse(
      'plan_version_not_published',
      `${slug}/${version} is a draft: PUT /admin/plans/${slug}/versions/${version}/publication first.`,
    )
  if (to.state === 'retired')
    return refuse(
      'plan_version_retired',
      `${slug}/${version} is retired, and nobody gets it any more: publish a new version.`,
    )
  if (to.customFor !== null)
    return refuse(
      'plan_version_custom',
      `${slug}/${version} was made for one user: publish a version for all.`,
    )
  const { filter } = request
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
