import type { LetterRepository } from '../../../domain/customer/letter-repository.ts'
import { errorText } from './error-text.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'
import type { Changes, Tables } from './tables.ts'

/** Letters in the table `notices`. Only a pending letter changes, so a late report of a lost worker changes nothing. */
export function createLetterRepository(tables: Tables, operations: Operations): LetterRepository {
  const updatePending = (key: string, changes: Changes<'notices'>) =>
    tables.update('notices', changes, { where: { key, state: 'pending' } })

  return {
    async claimDue(at, limit, leaseMs, subscriptionId) {
      const rows = await operations.rows('claim_notices', {
        p_now: at,
        p_until: new Date(at.getTime() + leaseMs),
        p_limit: limit,
        p_subscription: subscriptionId ?? null,
      })
      return rows.map(({ user_id: userId, ...letter }) => ({ ...letter, userId }))
    },

    async write(subscriptionId, letters, at) {
      const rows = letters.map(({ key, kind, content }) => ({
        key,
        subscription_id: subscriptionId,
        kind,
        content: new Json(content),
        due_at: at,
        created_at: at,
      }))
      await tables.insertAll('notices', rows, ['key'])
    },

    markSent: (key, at) => updatePending(key, { state: 'sent', sent_at: at, last_error: null }),
    skip: (key, reason) => updatePending(key, { state: 'skipped', last_error: reason }),
    postpone: (key, error, until) =>
      updatePending(key, { last_error: errorText(error), due_at: until }),
    giveUp: (key, error) => updatePending(key, { state: 'failed', last_error: errorText(error) }),
  }
}
