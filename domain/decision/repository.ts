import type { SubscriptionId } from '../ids.ts'
import type { DecisionRecord } from './decision-record.ts'

/** A stored decision. */
export type StoredDecision = {
  readonly subscriptionId: SubscriptionId
  /** The number of the write that it decided. */
  readonly seq: number
  readonly at: Date
  readonly rule: string
  /** Identifies the code that decided. */
  readonly build: string
  readonly record: DecisionRecord
}

/** The place of a decision in the order in which decisions are listed. */
export type DecisionCursor = Pick<StoredDecision, 'at' | 'subscriptionId' | 'seq'>

/** Stored decisions. They are written with the steps that they decided: see `SubscriptionRepository.save`. */
export type DecisionRepository = {
  /** The decision that made a timeline entry; undefined if none was recorded. */
  readonly find: (id: SubscriptionId, timelineSeq: number) => Promise<StoredDecision | undefined>
  /** Decisions since `since`, oldest first, at most `limit`, after the decision `after`. */
  readonly list: (query: {
    readonly since: Date
    readonly after: DecisionCursor | undefined
    readonly limit: number
  }) => Promise<StoredDecision[]>
}
