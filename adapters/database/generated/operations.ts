// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.

import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import { accessColumns, type AccessOperations } from './access.ts'
import { catalogueColumns, type CatalogueOperations } from './catalogue.ts'
import { customerColumns, type CustomerOperations } from './customer.ts'
import { decisionColumns, type DecisionOperations } from './decision.ts'
import { invoiceColumns, type InvoiceOperations } from './invoice.ts'
import { migrationColumns, type MigrationOperations } from './migration.ts'
import { operatorColumns, type OperatorOperations } from './operator.ts'
import { stripeColumns, type StripeOperations } from './stripe.ts'
import { subscriptionColumns, type SubscriptionOperations } from './subscription.ts'
import { usageColumns, type UsageOperations } from './usage.ts'
import { webhookColumns, type WebhookOperations } from './webhook.ts'

/** The arguments and the result of each operation. */
export type OperationTypes = AccessOperations &
  CatalogueOperations &
  CustomerOperations &
  DecisionOperations &
  InvoiceOperations &
  MigrationOperations &
  OperatorOperations &
  StripeOperations &
  SubscriptionOperations &
  UsageOperations &
  WebhookOperations

/** The columns of results that JSON has no type for, of the operations that have any. */
export const operationColumns: Readonly<Record<string, ColumnsOutsideJson | undefined>> = {
  ...accessColumns,
  ...catalogueColumns,
  ...customerColumns,
  ...decisionColumns,
  ...invoiceColumns,
  ...migrationColumns,
  ...operatorColumns,
  ...stripeColumns,
  ...subscriptionColumns,
  ...usageColumns,
  ...webhookColumns,
}
