import type Stripe from 'stripe'
import type { Letter } from '../../domain/customer/letter.ts'
import type { SubscriptionId } from '../../domain/ids.ts'
import type { Drift } from '../../domain/stripe/drift.ts'
import type { Phase, Scope } from '../../domain/stripe/reconciliation.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { Repositories } from '../../domain/repositories.ts'
import type { StripeInvoices } from '../../adapters/stripe/reading/invoices.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import type { ImportParts } from '../import.ts'

/** The parts that repairs use. */
export type RepairParts = ImportParts & {
  readonly repositories: Pick<Repositories, 'overageReports'>
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
}

/** The parts that comparing uses. */
export type CompareParts = {
  readonly stripe: Pick<Stripe, 'invoicePayments' | 'billing' | 'prices'>
  readonly repositories: Pick<
    Repositories,
    'customers' | 'plans' | 'subscriptions' | 'stripeEvents' | 'drift'
  >
}

/** The parts that one page of a comparison uses. */
export type ReconcileParts = RepairParts &
  CompareParts & {
    readonly stripe: Stripe
    readonly repositories: Pick<Repositories, 'reconciliations' | 'invoices' | 'letters'>
    readonly workflows: Pick<SubscriptionWorkflows, 'isRunning' | 'listRunning'>
    readonly stripeInvoices: Pick<StripeInvoices, 'readInvoice'>
  }

/** One page of a comparison. */
export type PageRequest = {
  readonly runId: string
  readonly scope: Scope
  readonly dryRun: boolean
  readonly phase: Phase
  /** The last id of the previous page; null for the first page. */
  readonly after: string | null
  /** Findings beyond this number are reported and left for the next run. */
  readonly repairsLeft: number
}

/** The numbers of one page. */
export type PageReport = {
  readonly listed: number
  readonly found: number
  readonly repaired: number
  /** The part of `repaired` that the limit does not count. Reports of an older build lack it. */
  readonly unlimited?: number
  /** The id to continue after; null when the phase is complete. */
  readonly after: string | null
}

/** A letter to the customer of a subscription. */
export type LetterTo = { readonly subscriptionId: SubscriptionId; readonly letter: Letter }

/** The findings of one page. */
export type Page = {
  readonly drifts: readonly Drift[]
  /** The live subscriptions of the page: a recovery has each of them read again. */
  readonly live?: readonly Subscription[]
  /** Letters about facts that Stripe announces by no event. */
  readonly letters?: readonly LetterTo[]
  readonly listed: number
  readonly after: string | null
}

/** The page to read. */
export type PageOf = Pick<PageRequest, 'runId' | 'scope' | 'dryRun' | 'after'>

/** Reads and compares one page of a phase. Writes nothing except which subscriptions it saw. */
export type ReadPage = (parts: ReconcileParts, request: PageOf, at: Date) => Promise<Page>
