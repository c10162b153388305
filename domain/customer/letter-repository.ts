import type { NoticeKind } from './letter.ts'
import type { NoticeContent } from './letter-content.ts'
import type { SubscriptionId } from '../ids.ts'

export type StoredNotice = {
  readonly key: string
  readonly kind: NoticeKind
  readonly content: NoticeContent
  readonly userId: string
  readonly email: string | null
  readonly locale: string
  readonly attempts: number
}

export type NoticeRepository = {
  /** Claims up to `limit` due letters for `leaseMs` milliseconds, of one subscription or of all. */
  readonly claimDue: (
    at: Date,
    limit: number,
    leaseMs: number,
    subscriptionId?: SubscriptionId,
  ) => Promise<StoredNotice[]>
  readonly markSent: (key: string, at: Date) => Promise<void>
  readonly skip: (key: string, reason: string) => Promise<void>
  readonly postpone: (key: string, error: string, until: Date) => Promise<void>
  readonly giveUp: (key: string, error: string) => Promise<void>
}
