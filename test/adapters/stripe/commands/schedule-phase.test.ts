import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { phaseSettings } from '../../../../adapters/stripe/commands/schedule-phase.ts'

/** Settings of a platform that sells for other accounts, which the simulator does not hold. */
const settings = {
  discounts: [],
  collection_method: 'send_invoice',
  days_until_due: 14,
  billing_thresholds: null,
  description: null,
  default_tax_rates: [],
  default_payment_method: null,
  automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_1' } },
  application_fee_percent: 12.5,
  transfer_data: { destination: 'acct_2', amount_percent: 80 },
  on_behalf_of: 'acct_3',
  invoice_settings: {
    account_tax_ids: ['atxi_1'],
    custom_fields: [{ name: 'PO number', value: 'PO-7' }],
    issuer: { type: 'account', account: { id: 'acct_4' } },
  },
}

test('a phase repeats the fees, transfers, tax and invoice settings of a platform', () => {
  expect(phaseSettings(settings as unknown as Stripe.Subscription)).toEqual({
    collection_method: 'send_invoice',
    invoice_settings: {
      days_until_due: 14,
      account_tax_ids: ['atxi_1'],
      custom_fields: [{ name: 'PO number', value: 'PO-7' }],
      issuer: { type: 'account', account: 'acct_4' },
    },
    automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_1' } },
    application_fee_percent: 12.5,
    transfer_data: { destination: 'acct_2', amount_percent: 80 },
    on_behalf_of: 'acct_3',
  })
})
