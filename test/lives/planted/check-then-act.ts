import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../../support/world.ts'

/** The delay between check and count, and before the limit comes back: long enough for all parallel callers, even on a busy machine. */
const BETWEEN_MS = 300

const LIFT = `update feature_usage u set quota_limit = null from subscriptions s
  where s.id = u.subscription_id and s.user_id = any ($1) and u.quota_limit is not null
  returning u.subscription_id as id, u.feature_id, u.window_start::text as start, old.quota_limit as quota`
const RESTORE = `update feature_usage set quota_limit = $4
  where subscription_id = $1 and feature_id = $2 and window_start = $3::timestamptz`
type Lifted = { id: string; feature_id: string; start: string; quota: string }

/** Plants a race: usage checks the limit first, and then counts without checking again. */
export function checkThenAct({ container, database }: World): void {
  const { usage } = container.repositories
  const honest = usage.consume.bind(usage)
  Object.assign(usage, {
    consume: async (...[requests, at]: Parameters<typeof honest>) => {
      const seen = await usage.check(requests, at)
      await wait(BETWEEN_MS)
      if (seen.some(({ kind }) => kind === 'refused')) return honest(requests, at)
      const users = requests.map(({ userId }) => userId)
      const { rows } = await database.pool.query<Lifted>(LIFT, [users])
      const outcomes = await honest(requests, at)
      // The others count meanwhile: a limit that came back at once would stop them.
      await wait(BETWEEN_MS)
      for (const { id, feature_id: feature, start, quota } of rows)
        await database.pool.query(RESTORE, [id, feature, start, quota])
      return outcomes
    },
  })
}
