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

export type NewMigration = {
  readonly id: string
  readonly terms: MigrationTerms
  readonly by: string
  readonly at: Date
}

export type MigrationProgress = {
  readonly state: MigrationState
  readonly phase: MigrationPhase
  readonly heldBecause: string | null
  readonly at: Date
}

/** How many subscriptions stand where, and what they are about in money. */
export type MigrationReport = {
  readonly states: readonly {
    readonly state: ItemState
    readonly reason: string | null
    readonly count: number
  }[]
  /** Of those that move. */
  readonly money: readonly {
    readonly currency: string
    readonly subscriptions: number
    readonly beforeMinor: number
    readonly afterMinor: number
    readonly nowMinor: number
  }[]
  readonly canary: number
}

export type PlanMigrationRepository = {
  /** Running it twice finds the first; beside a migration that it would meet it is refused. */
  readonly create: (
    migration: NewMigration,
  ) => Promise<
    | { readonly kind: 'created' | 'repeated'; readonly migration: PlanMigration }
    | { readonly kind: 'conflict'; readonly conflict: RouteConflict }
  >
  readonly find: (id: string) => Promise<PlanMigration | undefined>
  /** The newest first. */
  readonly list: (limit: number) => Promise<PlanMigration[]>
  readonly saveProgress: (id: string, progress: MigrationProgress) => Promise<void>

  /** Those who have its versions and pass its filter, by id, after one. */
  readonly listCandidates: (
    migration: PlanMigration,
    after: string | null,
    limit: number,
  ) => Promise<Subscription[]>
  /** Running it twice adds each once. */
  readonly addItems: (id: string, items: readonly MigrationItem[], at: Date) => Promise<void>
  /** Chooses the share that is moved first, the same one each time; answers how many. */
  readonly chooseCanary: (id: string, percent: number) => Promise<number>
  /** What is still to be moved: what was tried least comes first. */
  readonly listPending: (
    id: string,
    of: { readonly canary: boolean },
    limit: number,
  ) => Promise<MigrationItem[]>
  /** What may have been moved and was not taken back yet. */
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
  /** Counts one more try that nobody answered; answers how many there were. */
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
