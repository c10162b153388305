import type { PaymentMethod } from '../store/stored.ts'
import type { TestCard } from '../billing/cards.ts'
import { newId } from '../store/ids.ts'

/** Far enough away that no card expires during a simulation by accident. */
const CARD_EXPIRES = { month: 12, year: 2099 }

/** @param fingerprint Two payment methods with the same one are the same card; by default its number's. */
export function newCard(
  card: TestCard,
  created: number,
  fingerprint = `fp${card.number}`,
): PaymentMethod {
  if (card.isDebit) return newDebit(card, created, fingerprint)
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: CARD_EXPIRES.month,
      exp_year: CARD_EXPIRES.year,
      fingerprint,
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
}

/** A bank account in the euro zone. @see https://docs.stripe.com/payments/sepa-debit */
function newDebit({ number }: TestCard, created: number, fingerprint: string): PaymentMethod {
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    sepa_debit: {
      bank_code: number.slice(4, 12),
      branch_code: '',
      country: number.slice(0, 2),
      fingerprint,
      generated_from: null,
      last4: number.slice(-4),
    },
    type: 'sepa_debit',
  }
}
