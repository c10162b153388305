import type { NoticeRepository, StoredNotice } from '../../../domain/customer/letter-repository.ts'
import type { Operations } from './port.ts'

/** An error message is for an operator's eye; more than this is a page of noise. */
export const NOTICE_ERROR_MAX_CHARACTERS = 500

type NoticeRow = Omit<StoredNotice, 'userId'> & { readonly user_id: string }

/** Takes notices that are due, each for `leaseMs` to the caller alone. */
export const noticeClaimer =
  (operations: Operations): NoticeRepository['claimDue'] =>
  async (at, limit, leaseMs, subscriptionId) => {
    const rows = await operations.rows<NoticeRow>('claim_notices', {
      p_now: at,
      p_until: new Date(at.getTime() + leaseMs),
      p_limit: limit,
      p_subscription: subscriptionId ?? null,
    })
    return rows.map(({ user_id: userId, ...notice }) => ({ ...notice, userId }))
  }
