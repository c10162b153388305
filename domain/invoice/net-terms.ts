/** The longest time that a customer may have to pay an invoice, in days: a longer one is a mistake of units. */
export const DAYS_UNTIL_DUE_MAX = 365
/** Longer numbers of purchase orders are not printed well. Stripe allows 140 characters. */
export const PO_NUMBER_MAX_CHARACTERS = 30

/** An operator's credit: invoices are sent, and the customer pays them in time. */
export type NetTerms = {
  /** 1 to `DAYS_UNTIL_DUE_MAX`. */
  readonly daysUntilDue: number
  /** The customer's number of the order, printed on each invoice; null for none. */
  readonly poNumber: string | null
}
