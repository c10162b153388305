import type { SettlePolicy } from '../domain/usage/reservation.ts'
import type { Clock } from '../domain/clock.ts'
import type { EmailOwner } from '../domain/customer/repository.ts'
import type { LetterKind } from '../domain/customer/letter.ts'
import type { MoneyBackPolicy } from '../domain/invoice/money-back.ts'
import type { TaxSettings } from '../domain/stripe/tax.ts'
import type { TrialLimit } from '../domain/subscription/trial-identity.ts'
import type { NamedKey } from '../adapters/secrets/sealing.ts'
import type { TelemetryConfig } from '../adapters/telemetry/config.ts'
import type { TemporalAddress } from '../adapters/temporal/connection.ts'
import type { DatabaseConfig } from './repositories.ts'

/** The configuration that all processes share. */
export type ContainerConfig = {
  readonly name: string
  readonly environment: string
  readonly logLevel: string
  readonly database: DatabaseConfig
  readonly temporal: TemporalAddress & { readonly taskQueue: string }
  readonly stripe: {
    readonly apiKey: string
    readonly apiBase?: string | undefined
    /** Our own account, for deployments whose events name one. */
    readonly account?: string | undefined
    readonly thinEvents?: boolean
    /** Whether the inbox keeps whole events, not only their ids. */
    readonly keepsBodies?: boolean
    /** The limit for all processes together; undefined for no limit. */
    readonly requestsPerSecond?: number
  }
  readonly mail: {
    readonly smtpUrl: string
    readonly from: string
    /** The page where customers manage their subscription; undefined for letters without that link. */
    readonly manageUrl?: string | undefined
    readonly disabledKinds?: readonly LetterKind[]
  }
  /** How long after it occurred usage still counts. Only the API uses it. */
  readonly usageLatenessMaxMs?: number | undefined
  /** The side that owns e-mail addresses; the application by default. */
  readonly emailOwner?: EmailOwner
  /** How reservations are settled above what is left, where the plan does not say. Absent means `overflow`. */
  readonly settlePolicy?: SettlePolicy | undefined
  /** Which refunds and disputes end a subscription; none by default. */
  readonly moneyBack?: MoneyBackPolicy
  /** How payment pages and prices handle tax; not at all by default. */
  readonly tax?: TaxSettings
  /** By what a person is recognized, who has one trial; by everything by default. The secrets key the stored hashes. */
  readonly trials?: {
    readonly oncePer: readonly TrialLimit[]
    readonly secrets: readonly string[]
  }
  /** Undefined where telemetry is off. */
  readonly telemetry?: TelemetryConfig | undefined
  /** The keys that seal the signing secrets of webhooks: the first one seals, all of them open. */
  readonly webhooks?: { readonly secretKeys: readonly NamedKey[] }
  /** The service's clock where time can be moved: in the embedded stack and in tests. */
  readonly travellingClock?: Clock | undefined
}
