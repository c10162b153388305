import { NO_TAX } from '../domain/stripe/tax.ts'
import { REPAIRS_MAX } from '../domain/stripe/reconciliation.ts'
import { endOffers } from '../adapters/temporal/ending-offers.ts'
import { createSubscriptionCommands } from '../adapters/temporal/subscription-commands.ts'
import { createStripeInvoices } from '../adapters/stripe/reading/invoices.ts'
import { forwardUsageAlerts } from '../adapters/temporal/usage-alerts.ts'
import { forwardStripeEvents } from '../sync/inbox/forward-facts.ts'
import { mirrorInvoiceEvents } from '../sync/inbox/mirror-invoices.ts'
import { mirrorInvoice } from '../sync/mirror-invoice.ts'
import { pushCatalogue } from '../sync/push-catalogue.ts'
import { pushCustomerDetails } from '../sync/push-customer-details.ts'
import type { PageReport, PageRequest } from '../sync/reconciliation/page.ts'
import { reconcilePage } from '../sync/reconciliation/reconciliation.ts'
import { flushOverage, reportOverage } from '../sync/report-usage.ts'
import { tailStripeEvents } from '../sync/tail.ts'
import type { ContainerConfig } from './container-config.ts'
import type { Core } from './core.ts'
import type { StripeParts } from './stripe.ts'
import type { TemporalParts } from './temporal.ts'

/** The tasks that keep Stripe and us equal. Each returns how many items it handled, unless it says otherwise. */
export type SyncTasks = {
  /** Forwards the facts in the inbox to their workflows. */
  readonly forwardStripeEvents: (at: Date) => Promise<number>
  /** Mirrors the invoices of events in the inbox. */
  readonly mirrorInvoiceEvents: (at: Date) => Promise<number>
  /** Mirrors one invoice. */
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
  /** Stores events that no webhook delivered. */
  readonly tailStripeEvents: (at: Date, everyMs: number) => Promise<number>
  /** Compares one page with Stripe. */
  readonly reconcile: (request: PageRequest, at: Date) => Promise<PageReport>
  /** Writes the catalogue to Stripe, or reports differences. */
  readonly pushCatalogue: (at: Date) => Promise<number>
  /** Sends changed addresses and names of customers to Stripe. */
  readonly pushCustomerDetails: (now: () => Date) => Promise<number>
  readonly reportOverage: (at: Date) => Promise<number>
  /** Reports the overage of one user whose subscription ends. */
  readonly flushOverage: (userId: string, at: Date) => Promise<void>
  /** Signals workflows whose subscription reached a usage threshold. */
  readonly forwardUsageAlerts: (at: Date) => Promise<number>
  /** Schedules the change back to the version on sale, where a custom version ends. */
  readonly endOffers: (at: Date) => Promise<number>
}

type Parts = Core & StripeParts & TemporalParts

/** A comparison that an event started covers everything and repairs what it finds. */
const EVERYTHING = { scope: 'all', dryRun: false, repairsMax: REPAIRS_MAX } as const

/** Binds the tasks of `sync/` to their parts. */
export function bindSync(config: ContainerConfig, parts: Parts): SyncTasks {
  const { logger, telemetry, repositories, clients, workflows, moneyBack } = parts
  const { stripeEvents, syncCursors, usageAlerts } = repositories
  const { environment, tax = NO_TAX } = config
  const importParts = { environment, repositories, workflows, logger }
  const asCaller = { stripe: clients.caller, environment }
  const inBackground = { stripe: clients.background, environment }
  const compareAll = async (cause: string) => {
    await parts.reconciliations.start({ cause, ...EVERYTHING })
  }
  const tailParts = {
    stripe: clients.background,
    stripeEvents,
    syncCursors,
    inboxPolicy: parts.inboxPolicy,
    logger,
    missed: () => compareAll('events were missed'),
  }
  const { emailOwner } = config
  const forEvents = { ...importParts, stripe: clients.event }
  const factParts = { stripeEvents, telemetry, ...forEvents, compareAll, emailOwner }
  const mirrorParts = { repositories, stripeInvoices: createStripeInvoices(clients.event) }
  const invoiceParts = { ...mirrorParts, stripeEvents, workflows, logger, moneyBack, telemetry }
  const mirrorOneWith = (given: typeof mirrorParts) => async (invoiceId: string, at: Date) => {
    await mirrorInvoice(given, { invoiceId, moneyBack: false, at, finishedEvents: () => [] })
  }
  const stripeInvoices = createStripeInvoices(clients.background)
  const reconcileParts = {
    ...importParts,
    ...inBackground,
    stripeInvoices,
    mirrorInvoice: mirrorOneWith({ repositories, stripeInvoices }),
  }
  // A round handles events of many webhooks, so it must not run in the trace of the one that started it.
  const outsideTrace = telemetry?.outsideTrace ?? (<T>(run: () => T) => run())
  const commands = createSubscriptionCommands(workflows)
  return {
    forwardStripeEvents: (at) => outsideTrace(() => forwardStripeEvents(factParts, at)),
    mirrorInvoiceEvents: (at) => outsideTrace(() => mirrorInvoiceEvents(invoiceParts, at)),
    mirrorInvoice: mirrorOneWith(mirrorParts),
    tailStripeEvents: (at, everyMs) => tailStripeEvents(tailParts, at, everyMs),
    reconcile: (request, at) => reconcilePage(reconcileParts, request, at),
    pushCatalogue: (at) => pushCatalogue({ ...inBackground, tax, ...repositories, logger }, at),
    pushCustomerDetails: (now) =>
      pushCustomerDetails({ ...inBackground, ...repositories, logger }, now),
    reportOverage: (at) => reportOverage({ ...inBackground, ...repositories, logger }, at),
    flushOverage: (userId, at) =>
      flushOverage({ ...asCaller, ...repositories, logger }, userId, at),
    forwardUsageAlerts: (at) => forwardUsageAlerts({ usageAlerts, workflows, logger }, at),
    endOffers: (at) => endOffers({ ...repositories, commands, logger }, at),
  }
}
