import type { PlanMigration } from '../../domain/migration/plan-migration.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { CallFields } from '../web/parts.tsx'
import { Confirm } from './confirm.tsx'
import { Fold } from './field.tsx'
import type { Call } from './perform.ts'

/** A dry run counts as a review for this time. Later, the subscriptions may have changed too much. */
const REVIEW_MAX_HOURS = 24
const HOUR_MS = 3_600_000

/** Shown instead of starting a migration whose reviewed figures may no longer hold. */
export const REVIEW_TOO_OLD = `The dry run is not finished, or is older than ${REVIEW_MAX_HOURS} hours. Start a new one.`

/** Whether this is a dry run whose result may be confirmed now. */
export const isReview = ({ dryRun, state, endedAt }: PlanMigration, now: Date): boolean =>
  dryRun &&
  state === 'reviewed' &&
  endedAt !== null &&
  now.getTime() - endedAt.getTime() < REVIEW_MAX_HOURS * HOUR_MS

/** The API call that starts a migration with exactly the terms of its dry run. */
export async function beginningOf(
  migration: PlanMigration,
  { plans }: Pick<Repositories, 'plans'>,
): Promise<Call> {
  const nameOf = async (id: string) => {
    const { slug, version } = await plans.getVersion(id)
    return { plan: slug, version }
  }
  const { filter } = migration
  return {
    method: 'POST',
    path: '/admin/plan-migrations',
    body: {
      from: await Promise.all(migration.from.map(nameOf)),
      to: await nameOf(migration.to),
      when: migration.when,
      filter: {
        statuses: filter.statuses ?? undefined,
        user_ids: filter.userIds ?? undefined,
        subscribed_since: filter.since?.toISOString(),
        subscribed_before: filter.before?.toISOString(),
      },
      canary_percent: migration.canaryPercent,
      rate_per_minute: migration.ratePerMinute,
      reason: migration.reason,
    },
  }
}

type Props = { readonly migration: PlanMigration; readonly csrf: string }

/** The form that starts a migration after its dry run. */
export const Begin = ({ migration: { id, when, canaryPercent }, csrf }: Props) => (
  <div class="actions">
    <Fold title="Start this migration">
      <form method="post" action={`/console/migrations/${id}/begin`} class="fields">
        <CallFields token={csrf} />
        <Confirm>
          {when === 'now'
            ? 'Customers are charged or credited now, as the dry run shows. '
            : 'Each customer changes at the next renewal. '}
          {canaryPercent === 0
            ? 'All are migrated without a further question.'
            : `The first ${canaryPercent} % are migrated, then it waits for approval.`}
        </Confirm>
        <div>
          <button class="small-button primary">Start migration</button>
        </div>
      </form>
    </Fold>
  </div>
)
