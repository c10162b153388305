import type { Stripe } from 'stripe'
import { customerOf } from '../billing/customers.ts'
import { endSubscription, isOver } from '../billing/changes.ts'
import { retrieval } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import {
  emptyable,
  fields,
  flag,
  id,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  range,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { missing } from '../http/refusal.ts'
import { addressOf, newCustomer } from '../objects/customer.ts'
import type { Customer } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { attachMethod } from './payment-method-attachment.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'

const addressParam = fields({
  city: text(),
  country: text(),
  line1: text(),
  line2: text(),
  postal_code: text(),
  state: text(),
})

const SHARED = {
  address: emptyable(addressParam),
  balance: integer(),
  business_name: ignored,
  cash_balance: unmodelled,
  description: emptyable(text()),
  email: emptyable(text(512)),
  individual_name: ignored,
  invoice_prefix: text(12),
  invoice_settings: fields({
    custom_fields: unmodelled,
    default_payment_method: emptyable(id()),
    footer: ignored,
    rendering_options: ignored,
  }),
  metadata: metadata(),
  name: emptyable(text(256)),
  next_invoice_sequence: integer(1),
  phone: emptyable(text(20)),
  preferred_locales: list(text()),
  shipping: ignored,
  source: unmodelled,
  tax: ignored,
  tax_exempt: emptyable(oneOf('none', 'exempt', 'reverse')),
  validate: flag(),
} as const

const CREATE = {
  ...SHARED,
  payment_method: id(),
  tax_id_data: unmodelled,
  test_clock: id(),
} as const satisfies Covers<Stripe.CustomerCreateParams>

const UPDATE = {
  ...SHARED,
  default_source: unmodelled,
} as const satisfies Covers<Stripe.CustomerUpdateParams>

const LIST = {
  ...paging,
  created: range(),
  email: text(),
  test_clock: id(),
} as const satisfies Covers<Stripe.CustomerListParams>

const NO_PARAMS = {} as const

const byPath = (step: Step, ids: Readonly<Record<string, string>>) =>
  customerOf(step, ids['id'] ?? '', { param: 'id', place: 'path' })

/** The plain fields that a call sets. */
function plain(params: Partial<Values<typeof SHARED>>): Partial<Customer> {
  const { address: at, balance, description, email, invoice_prefix, name, phone } = params
  const { tax_exempt: exempt } = params
  return {
    ...given({ balance, description, email, invoice_prefix, name, phone, tax_exempt: exempt }),
    ...(at !== undefined && { address: at === null ? null : addressOf(at) }),
  }
}

/** Customers: create, retrieve, update, delete and list. */
export const customers = [
  operation('POST /v1/customers', {
    answers: 'customer',
    params: CREATE,
    run(step, { params }) {
      const customer = step.put(
        'customers',
        newCustomer({
          ...plain(params),
          created: step.now,
          metadata: params.metadata ?? {},
          test_clock: clockFor(step, params.test_clock),
        }),
      )
      emit(step, 'customer.created', customer)
      const { payment_method: method } = params
      if (method !== undefined) attachMethod(step, method, customer)
      return setDefaultMethod(step, customer, params.invoice_settings?.default_payment_method)
    },
  }),
  retrieval('GET /v1/customers/:id', { answers: 'customer', table: 'customers', noun: 'customer' }),
  operation('POST /v1/customers/:id', {
    answers: 'customer',
    params: UPDATE,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const method = params.invoice_settings?.default_payment_method
      if (typeof method === 'string') checkOwner(step, row, method)
      return revise(step, 'customers', {
        row,
        to: {
          ...plain(params),
          metadata: mergeMetadata(row.metadata, params.metadata),
          ...(method !== undefined && {
            invoice_settings: { ...row.invoice_settings, default_payment_method: method },
          }),
        },
        event: 'customer.updated',
      })
    },
  }),
  operation('DELETE /v1/customers/:id', {
    answers: 'customer',
    params: NO_PARAMS,
    run(step, { ids }) {
      const row = byPath(step, ids)
      // Stripe cancels all of the customer's subscriptions immediately.
      for (const each of step.rows('subscriptions', { index: 'customer', key: row.id })) {
        if (!isOver(each)) endSubscription(step, each, 'cancellation_requested')
      }
      const tombstone = { id: row.id, object: 'customer' as const, deleted: true as const }
      emit(step, 'customer.deleted', row)
      return step.put('customers', tombstone)
    },
  }),
  operation('GET /v1/customers', {
    answers: 'customer',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/customers',
        noun: 'customer',
        table: 'customers',
        params,
        where: (row) =>
          row.deleted !== true &&
          (row.test_clock ?? null) === (params.test_clock ?? null) &&
          within(params.created, row.created) &&
          (params.email === undefined || row.email === params.email),
      }),
  }),
]

function clockFor(step: Step, wanted: string | undefined): string | null {
  if (wanted === undefined) return null
  if (step.find('testClocks', wanted) !== undefined) return wanted
  throw missing('test clock', wanted, 'test_clock', 'param')
}

function checkOwner(step: Step, customer: Customer, method: string): void {
  if (step.find('paymentMethods', method)?.customer === customer.id) return
  throw missing('PaymentMethod', method, 'invoice_settings[default_payment_method]', 'param')
}

function setDefaultMethod(step: Step, customer: Customer, method: string | null | undefined) {
  if (method === undefined) return customer
  if (method !== null) checkOwner(step, customer, method)
  const settings = { ...customer.invoice_settings, default_payment_method: method }
  return step.put('customers', { ...customer, invoice_settings: settings })
}
