import type { SubscriptionId } from '../ids.ts'
import type {
  ItemState,
  MigrationItem,
  MigrationPhase,
  MigrationState,
  MigrationTerms,
  PlanMigration,
  RouteConflict,
} from './plan-migration.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** A migration that begins. */
export type NewMigration = {
  readonly id: string
  readonly terms: MigrationTerms
  readonly by: string
  readonly at: Date
}

/** The state of a migration, as its workflow records it. */
export type MigrationProgress = {
  readonly state: MigrationState
  readonly phase: MigrationPhase
  readonly heldBecause: string | null
  readonly at: Date
}

/** Counts of subscriptions by state, and the total effect in money. */
export type MigrationReport = {
  readonly states: readonly {
    readonly state: ItemState
    readonly reason: string | null
    readonly count: number
  }[]
  /** Of the subscriptions to move. */
  readonly money: readonly {
    readonly currency: string
    readonly subscriptions: number
    readonly beforeMinor: number
    readonly afterMinor: number
    readonly nowMinor: number
  }[]
  readonly canary: number
}

/** Migrations and their subscriptions. */
export type PlanMigrationRepository = {
  /** `repeated`: the id exists already. `conflict`: see `conflictOfRoutes`. */
  readonly create: (
    migration: NewMigration,
  ) => Promise<
    | { readonly kind: 'created' | 'repeated'; readonly migration: PlanMigration }
    | { readonly kind: 'conflict'; readonly conflict: RouteConflict }
  >
  readonly find: (id: string) => Promise<PlanMigration | undefined>
  /** Newest first. */
  readonly list: (limit: number) => Promise<PlanMigration[]>
  readonly saveProgress: (id: string, progress: MigrationProgress) => Promise<void>

  /** Subscriptions of the old versions that pass the filter, by id; `after` is the last id of the page before. */
  readonly listCandidates: (
    migration: PlanMigration,
    after: string | null,
    limit: number,
  ) => Promise<Subscription[]>
  /** Idempotent. */
  readonly addItems: (id: string, items: readonly MigrationItem[], at: Date) => Promise<void>
  /** Chooses the canary, always the same one. @returns its size. */
  readonly chooseCanary: (id: string, percent: number) => Promise<number>
  /** Items still to move, fewest attempts first. */
  readonly listPending: (
    id: string,
    of: { readonly canary: boolean },
    limit: number,
  ) => Promise<MigrationItem[]>
  /** Items that may have been moved and are not rolled back yet. */
  readonly listToRollBack: (id: string, limit: number) => Promise<MigrationItem[]>
  readonly saveItem: (
    id: string,
    item: {
      readonly subscriptionId: SubscriptionId
      readonly state: ItemState
      readonly reason: string | null
      readonly at: Date
    },
  ) => Promise<void>
  /** Counts an attempt without a reply. @returns the number of attempts so far. */
  readonly countAttempt: (id: string, subscriptionId: SubscriptionId) => Promise<number>

  readonly report: (id: string) => Promise<MigrationReport>
  readonly listItems: (
    id: string,
    page: {
      readonly state: ItemState | null
      readonly after: string | null
      readonly limit: number
    },
  ) => Promise<MigrationItem[]>
}
