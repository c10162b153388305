import type { Card } from '../store/tables.ts'

/** One of Stripe's published test cards, or a test IBAN, whose bank answers after days. */
export type TestCard = {
  readonly number: string
  readonly brand: 'visa' | 'mastercard' | 'amex'
  readonly token: string
  readonly behaviour: Card['behaviour']
  readonly declineCode: string
  /** A bank account instead of a card; `number` is its IBAN. */
  readonly isDebit: boolean
  /** Whether the card can be saved. If not, the bank declines every use, including saving it. */
  readonly attaches: boolean
}

const card = (
  number: string,
  token: string,
  given: Partial<Omit<TestCard, 'number' | 'token'>> = {},
): TestCard => ({
  number,
  token,
  brand: 'visa',
  behaviour: 'succeeds',
  declineCode: 'generic_decline',
  attaches: true,
  isDebit: false,
  ...given,
})

const declines = (declineCode: string) =>
  ({ behaviour: 'declines', declineCode, attaches: false }) as const

/** https://docs.stripe.com/testing. The token is the `pm_card_…` name of the same card. */
export const TEST_CARDS: readonly TestCard[] = [
  card('4242424242424242', 'visa'),
  card('5555555555554444', 'mastercard', { brand: 'mastercard' }),
  card('378282246310005', 'amex', { brand: 'amex' }),
  card('4000000000000002', 'visa_chargeDeclined', declines('generic_decline')),
  card('4000000000009995', 'visa_chargeDeclinedInsufficientFunds', declines('insufficient_funds')),
  card('4000000000009987', 'visa_chargeDeclinedLostCard', declines('lost_card')),
  card('4000000000009979', 'visa_chargeDeclinedStolenCard', declines('stolen_card')),
  card('4000000000000069', 'chargeDeclinedExpiredCard', declines('expired_card')),
  card('4000000000000127', 'chargeDeclinedIncorrectCvc', declines('incorrect_cvc')),
  card('4000000000000119', 'chargeDeclinedProcessingError', declines('processing_error')),
  card('4000000000000341', 'chargeCustomerFail', { behaviour: 'declines' }),
  card('4000002760003184', 'authenticationRequired', { behaviour: 'authenticates' }),
  // Requires authentication once, at set-up; later charges succeed.
  card('4000002500003155', 'authenticationRequiredOnSetup', { behaviour: 'authenticates' }),
  // https://docs.stripe.com/testing#sepa-direct-debit
  card('DE89370400440532013000', 'sepaDebit', { behaviour: 'takes_days', isDebit: true }),
  card('DE62370400440532013001', 'sepaDebit_fails', {
    behaviour: 'fails_after_days',
    declineCode: 'insufficient_funds',
    isDebit: true,
  }),
]

/** Shorter names of the same cards. */
const ALIASES: Readonly<Record<string, string>> = {
  chargeDeclined: 'visa_chargeDeclined',
  chargeDeclinedInsufficientFunds: 'visa_chargeDeclinedInsufficientFunds',
  threeDSecure2Required: 'authenticationRequired',
}

/** The card that requires authentication once: afterwards it behaves like any other. */
export const SETUP_ONLY = '4000002500003155'

/** The test card of `pm_card_…` or `tok_…`, also by an alias; undefined if there is none. */
export function cardByToken(token: string): TestCard | undefined {
  const name = token.replace(/^(pm_card|tok)_/, '')
  return TEST_CARDS.find((each) => each.token === (ALIASES[name] ?? name))
}

/** The test card or test IBAN with this number; spaces, dashes and case do not matter. */
export function cardByNumber(number: string): TestCard | undefined {
  const compact = number.replace(/[^0-9a-z]/gi, '').toUpperCase()
  return TEST_CARDS.find((each) => each.number === compact)
}
