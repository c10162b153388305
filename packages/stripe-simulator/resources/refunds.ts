import type { Stripe } from 'stripe'
import { retrieval } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import {
  id,
  ignored,
  integer,
  metadata,
  oneOf,
  range,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newRefund } from '../objects/refund.ts'
import type { Charge, Refund } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

const CREATE = {
  amount: integer(1),
  charge: id(),
  currency: text(3),
  customer: unmodelled,
  instructions_email: ignored,
  metadata: metadata(),
  origin: unmodelled,
  payment_intent: id(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: unmodelled,
  reverse_transfer: unmodelled,
} as const satisfies Covers<Stripe.RefundCreateParams>

/** Refunds and disputes. */
export const refunds = [
  operation('POST /v1/refunds', {
    answers: 'refund',
    params: CREATE,
    run: (step, { params }) => refundCharge(step, params),
  }),
  retrieval('GET /v1/refunds/:id', {
    answers: 'refund',
    table: 'refunds',
    noun: 'refund',
    param: 'refund',
  }),
  paymentListing('refund', 'refunds'),
  retrieval('GET /v1/disputes/:id', { answers: 'dispute', table: 'disputes', noun: 'dispute' }),
  paymentListing('dispute', 'disputes'),
]

/** `GET /v1/refunds` and `GET /v1/disputes`: by their charge or payment. */
function paymentListing(noun: 'refund' | 'dispute', table: 'refunds' | 'disputes') {
  return operation(`GET /v1/${table}`, {
    answers: noun,
    isList: true,
    params: { ...paging, charge: id(), created: range(), payment_intent: id() },
    run: (step, { params }) =>
      listPage(step, {
        url: `/v1/${table}`,
        noun,
        table,
        walk: params.charge === undefined ? undefined : { index: 'charge', key: params.charge },
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.payment_intent === undefined || row.payment_intent === params.payment_intent),
      }),
  })
}

type Given = Partial<Values<typeof CREATE>>

/**
 * Refunds a charge, by default all that is left of it.
 * @throws Refusal (400) for more than that, or if the charge is disputed.
 * @see https://docs.stripe.com/refunds
 */
export function refundCharge(step: Step, params: Given): Refund {
  const charge = chargeOf(step, params)
  const left = charge.amount - charge.amount_refunded
  const amount = params.amount ?? left
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`
    throw invalid(message, undefined, 'charge_already_refunded')
  }
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount (${left})`, 'amount')
  }
  if (charge.disputed && isContested(step, charge)) {
    throw invalid(`Charge ${charge.id} has been charged back.`, undefined, 'charge_disputed')
  }
  const made = step.put(
    'refunds',
    newRefund(charge, {
      amount,
      created: step.now,
      reason: params.reason ?? null,
      metadata: params.metadata ?? {},
    }),
  )
  const returned = charge.amount_refunded + amount
  const whole = returned === charge.amount
  const after = step.put('charges', { ...charge, amount_refunded: returned, refunded: whole })
  emit(step, 'refund.created', made)
  emit(step, 'charge.refunded', after, { amount_refunded: charge.amount_refunded })
  return made
}

function chargeOf(step: Step, { charge, payment_intent: intent }: Given): Charge {
  if (charge === undefined && intent === undefined) {
    throw invalid('One of charge or payment_intent is required.', 'charge', 'parameter_missing')
  }
  const latest = intent === undefined ? charge : step.find('paymentIntents', intent)?.latest_charge
  const row = step.find('charges', latest ?? '')
  if (row?.paid === true) return row
  if (charge !== undefined) throw missing('charge', charge, 'charge', 'param')
  throw missing('payment_intent', intent ?? '', 'payment_intent', 'param')
}

function isContested(step: Step, charge: Charge): boolean {
  for (const dispute of step.rows('disputes', { index: 'charge', key: charge.id })) {
    if (!dispute.is_charge_refundable) return true
  }
  return false
}
