import type { Stripe } from 'stripe'
import { cardByNumber, cardByToken } from '../billing/cards.ts'
import { customerOf } from '../billing/customers.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  fields,
  id,
  ignored,
  integer,
  metadata,
  oneOf,
  required,
  text,
  type Covers,
} from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { newCard } from '../objects/payment-method.ts'
import type { PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { mergeMetadata } from './metadata.ts'
import { attachMethod } from './payment-method-attachment.ts'

const CREATE = {
  type: required(oneOf('card', 'sepa_debit')),
  sepa_debit: fields({ iban: required(text()) }),
  card: fields({
    token: text(),
    number: text(),
    exp_month: integer(1, 12),
    exp_year: integer(),
    cvc: text(),
  }),
  metadata: metadata(),
  billing_details: ignored,
  allow_redisplay: ignored,
} as const

const LIST = {
  ...paging,
  allow_redisplay: ignored,
  customer: id(),
  customer_account: ignored,
  type: oneOf('card', 'sepa_debit'),
} as const satisfies Covers<Stripe.PaymentMethodListParams>

const byPath = (step: Step, ids: Ids): PaymentMethod =>
  rowByPath(step, { table: 'paymentMethods', noun: 'PaymentMethod', param: 'payment_method' }, ids)

/** Payment methods of test cards and test accounts: create, retrieve, update, attach, detach and list. */
export const paymentMethods = [
  operation('POST /v1/payment_methods', {
    answers: 'payment_method',
    params: CREATE,
    run(step, { params }) {
      const { token, number } = params.card ?? {}
      const iban = params.sepa_debit?.iban
      const card = token === undefined ? cardByNumber(iban ?? number ?? '') : cardByToken(token)
      if (card === undefined || card.isDebit !== (params.type === 'sepa_debit'))
        throw invalid('This is not the number of a test card or test account.', params.type)
      const method = {
        ...withExpiry(newCard(card, step.now), params.card),
        metadata: params.metadata ?? {},
      }
      step.put('cards', { id: method.id, behaviour: card.behaviour, declineCode: card.declineCode })
      return step.put('paymentMethods', method)
    },
  }),
  operation('GET /v1/payment_methods/:id', {
    answers: 'payment_method',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/payment_methods/:id', {
    answers: 'payment_method',
    params: {
      metadata: metadata(),
      card: fields({ exp_month: integer(1, 12), exp_year: integer() }),
      billing_details: ignored,
      allow_redisplay: ignored,
    },
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const { card } = withExpiry(row, params.card)
      const to = {
        metadata: mergeMetadata(row.metadata ?? {}, params.metadata),
        ...(card && { card }),
      }
      return revise(step, 'paymentMethods', { row, to, event: 'payment_method.updated' })
    },
  }),
  operation('POST /v1/payment_methods/:id/attach', {
    answers: 'payment_method',
    params: { customer: required(id()) },
    run: (step, { ids, params }) =>
      attachMethod(step, ids['id'] ?? '', customerOf(step, params.customer)),
  }),
  operation('POST /v1/payment_methods/:id/detach', {
    answers: 'payment_method',
    params: {},
    run: (step, { ids }) => detach(step, byPath(step, ids)),
  }),
  operation('GET /v1/payment_methods', {
    answers: 'payment_method',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/payment_methods',
        noun: 'PaymentMethod',
        table: 'paymentMethods',
        walk:
          params.customer === undefined ? undefined : { index: 'customer', key: params.customer },
        params,
        where: (row) =>
          row.customer !== null && (params.type === undefined || row.type === params.type),
      }),
  }),
  operation('GET /v1/customers/:customer/payment_methods', {
    answers: 'payment_method',
    isList: true,
    params: { ...paging, type: oneOf('card', 'sepa_debit'), allow_redisplay: ignored },
    run: (step, { ids, params }) =>
      listPage(step, {
        url: `/v1/customers/${ids['customer']}/payment_methods`,
        noun: 'PaymentMethod',
        table: 'paymentMethods',
        walk: { index: 'customer', key: ids['customer'] ?? '' },
        params,
        where: (row) => params.type === undefined || row.type === params.type,
      }),
  }),
]

type Expiry = { readonly exp_month?: number | undefined; readonly exp_year?: number | undefined }

/** With another month or year on the card. No charge is declined for it: banks decide, by `PUT /cards`. */
function withExpiry(method: PaymentMethod, { exp_month, exp_year }: Expiry = {}): PaymentMethod {
  const { card } = method
  if (card === undefined) return method
  const expiry = {
    exp_month: exp_month ?? card.exp_month,
    exp_year: exp_year ?? card.exp_year,
  }
  return { ...method, card: { ...card, ...expiry } }
}

/** A detached card is no longer the default anywhere. */
function detach(step: Step, row: PaymentMethod): PaymentMethod {
  if (row.customer === null) throw invalid('The payment method is not attached to a customer.')
  const customer = customerOf(step, row.customer)
  if (customer.invoice_settings.default_payment_method === row.id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null }
    step.put('customers', { ...customer, invoice_settings: settings })
  }
  for (const each of step.rows('subscriptions', { index: 'customer', key: customer.id })) {
    if (each.default_payment_method !== row.id) continue
    step.put('subscriptions', { ...each, default_payment_method: null })
  }
  const detached = step.put('paymentMethods', { ...row, customer: null })
  emit(step, 'payment_method.detached', detached, { customer: customer.id })
  return detached
}
