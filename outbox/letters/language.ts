import type { Period } from '../../domain/catalogue/period.ts'
import type { LetterKind } from '../../domain/customer/letter.ts'
import type { LetterFacts } from './facts.ts'

/** The texts of a letter. The rows below it (plan, amounts, what comes next) and its links are the same for all letters. */
export type Text = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** The label of the link to the page where the invoice is paid. */
  readonly pay?: string
  /** The label of the link to the customer's account, where the usual one says too little. */
  readonly manage?: string
}

/** Everything that a letter needs in one language. */
export type Language = {
  readonly letters: Readonly<Record<LetterKind, (facts: LetterFacts) => Text>>
  /** Such as `per month` or `every 3 months`. */
  readonly per: (period: Period) => string
  /** The names of the rows. */
  readonly rows: {
    readonly plan: string
    readonly paid: string
    readonly due: string
    readonly tax: string
    readonly refunded: string
    readonly credit: string
    readonly creditAdded: string
    readonly invoice: string
    readonly nextPayment: string
    readonly ends: string
    readonly later: string
    /** An amount and its day. */
    readonly on: (amount: string, day: string) => string
    /** A plan with its price and first day. */
    readonly from: (plan: string, price: string, day: string) => string
  }
  readonly links: { readonly invoice: string; readonly manage: string }
}
