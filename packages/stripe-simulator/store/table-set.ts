import { createTable, type Table } from './table.ts'
import { INDEXES, type TableName, type Tables } from './tables.ts'

/** Each table by its name. */
export type TableSet = { readonly [Name in TableName]: Table<Tables[Name]> }

/** All tables, empty. */
export function createTables(): TableSet {
  return {
    customers: createTable(INDEXES.customers),
    products: createTable(INDEXES.products),
    prices: createTable(INDEXES.prices),
    paymentMethods: createTable(INDEXES.paymentMethods),
    cards: createTable(INDEXES.cards),
    debits: createTable(INDEXES.debits),
    checkoutSessions: createTable(INDEXES.checkoutSessions),
    checkoutIntents: createTable(INDEXES.checkoutIntents),
    challenges: createTable(INDEXES.challenges),
    subscriptions: createTable(INDEXES.subscriptions),
    pendingChanges: createTable(INDEXES.pendingChanges),
    invoiceItems: createTable(INDEXES.invoiceItems),
    schedules: createTable(INDEXES.schedules),
    portalSessions: createTable(INDEXES.portalSessions),
    priceTiers: createTable(INDEXES.priceTiers),
    meters: createTable(INDEXES.meters),
    meterEvents: createTable(INDEXES.meterEvents),
    coupons: createTable(INDEXES.coupons),
    taxRates: createTable(INDEXES.taxRates),
    customerTaxIds: createTable(INDEXES.customerTaxIds),
    promotionCodes: createTable(INDEXES.promotionCodes),
    discounts: createTable(INDEXES.discounts),
    testClocks: createTable(INDEXES.testClocks),
    creditNotes: createTable(INDEXES.creditNotes),
    reminders: createTable(INDEXES.reminders),
    invoices: createTable(INDEXES.invoices),
    invoicePayments: createTable(INDEXES.invoicePayments),
    paymentIntents: createTable(INDEXES.paymentIntents),
    charges: createTable(INDEXES.charges),
    refunds: createTable(INDEXES.refunds),
    disputes: createTable(INDEXES.disputes),
    events: createTable(INDEXES.events),
    webhookEndpoints: createTable(INDEXES.webhookEndpoints),
    deliveries: createTable(INDEXES.deliveries),
    idempotency: createTable(INDEXES.idempotency),
  }
}

/** Whether the store has a table of this name, for names from a journal. */
export const isTableName = (name: string): name is TableName => Object.hasOwn(INDEXES, name)

/** The names of all tables. */
export const tableNames: readonly TableName[] = Object.keys(INDEXES).filter(isTableName)
