import type { Stripe } from 'stripe'
import { isValid } from '../billing/discounts.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  either,
  fields,
  flag,
  id,
  integer,
  list,
  decimal,
  metadata,
  oneOf,
  range,
  required,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newCoupon, newPromotionCode } from '../objects/coupon.ts'
import { newId } from '../store/ids.ts'
import type { Coupon, PromotionCode } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'

const COUPON = {
  amount_off: integer(1),
  applies_to: fields({ products: list(id()) }),
  currency: text(3),
  currency_options: unmodelled,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer(1),
  id: id(),
  max_redemptions: integer(1),
  metadata: metadata(),
  name: text(40),
  percent_off: either(integer(1, 100), decimal()),
  redeem_by: integer(0),
} as const satisfies Covers<Stripe.CouponCreateParams>

const CODE = {
  active: flag(),
  code: text(500),
  customer: id(),
  customer_account: unmodelled,
  expires_at: integer(0),
  max_redemptions: integer(1),
  metadata: metadata(),
  promotion: required(fields({ type: required(oneOf('coupon')), coupon: required(id()) })),
  restrictions: fields({
    currency_options: unmodelled,
    first_time_transaction: flag(),
    minimum_amount: integer(1),
    minimum_amount_currency: text(3),
  }),
} as const satisfies Covers<Stripe.PromotionCodeCreateParams>

const CODES = {
  ...paging,
  active: flag(),
  code: text(),
  coupon: id(),
  created: range(),
  customer: id(),
  customer_account: unmodelled,
} as const satisfies Covers<Stripe.PromotionCodeListParams>

function couponByPath(step: Step, ids: Ids): Coupon {
  const row = rowByPath(step, { table: 'coupons', noun: 'coupon', param: 'coupon' }, ids)
  return { ...row, valid: isValid(step, row) }
}

const codeByPath = (step: Step, ids: Ids): PromotionCode =>
  rowByPath(step, { table: 'promotionCodes', noun: 'promotion code', param: 'promotion_code' }, ids)

/**
 * Coupons and promotion codes: create, retrieve, update, delete and list.
 * @see https://docs.stripe.com/billing/subscriptions/coupons
 */
export const coupons = [
  operation('POST /v1/coupons', {
    answers: 'coupon',
    params: COUPON,
    run: (step, { params }) => createCoupon(step, params),
  }),
  operation('GET /v1/coupons/:id', {
    answers: 'coupon',
    params: {},
    run: (step, { ids }) => couponByPath(step, ids),
  }),
  operation('DELETE /v1/coupons/:id', {
    answers: 'coupon',
    params: {},
    run(step, { ids }) {
      const row = couponByPath(step, ids)
      // Existing discounts continue: only new redemptions end.
      step.put('coupons', { ...row, redeem_by: 0, valid: false })
      emit(step, 'coupon.deleted', row)
      return { id: row.id, object: 'coupon', deleted: true }
    },
  }),
  operation('GET /v1/coupons', {
    answers: 'coupon',
    isList: true,
    params: { ...paging, created: range() },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/coupons',
        noun: 'coupon',
        table: 'coupons',
        walk: undefined,
        params,
        where: (row) => within(params.created, row.created) && row.redeem_by !== 0,
      }),
  }),
  operation('POST /v1/promotion_codes', {
    answers: 'promotion_code',
    params: CODE,
    run(step, { params }) {
      const code = params.code ?? newId('CODE', 8).toUpperCase()
      const coupon = step.find('coupons', params.promotion.coupon)
      if (coupon === undefined) {
        throw missing('coupon', params.promotion.coupon, 'promotion[coupon]', 'param')
      }
      for (const other of step.rows('promotionCodes', { index: 'code', key: code.toLowerCase() })) {
        if (other.active)
          throw invalid(`An active promotion code with \`code: ${code}\` exists.`, 'code')
      }
      const { active, customer, expires_at, max_redemptions } = params
      const made = newPromotionCode({
        ...given({ active, customer, expires_at, max_redemptions }),
        code,
        created: step.now,
        metadata: params.metadata ?? {},
        restrictions: restrictionsOf(params),
        promotion: { coupon: coupon.id, type: 'coupon' },
      })
      emit(step, 'promotion_code.created', step.put('promotionCodes', made))
      return made
    },
  }),
  operation('GET /v1/promotion_codes/:id', {
    answers: 'promotion_code',
    params: {},
    run: (step, { ids }) => codeByPath(step, ids),
  }),
  operation('POST /v1/promotion_codes/:id', {
    answers: 'promotion_code',
    params: { active: flag(), metadata: metadata() },
    run(step, { ids, params }) {
      const row = codeByPath(step, ids)
      const merged = mergeMetadata(row.metadata ?? {}, params.metadata)
      const to = { ...given({ active: params.active }), metadata: merged }
      return revise(step, 'promotionCodes', { row, to, event: 'promotion_code.updated' })
    },
  }),
  operation('GET /v1/promotion_codes', {
    answers: 'promotion_code',
    isList: true,
    params: CODES,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/promotion_codes',
        noun: 'promotion code',
        table: 'promotionCodes',
        walk:
          params.code === undefined ? undefined : { index: 'code', key: params.code.toLowerCase() },
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.active === undefined || row.active === params.active) &&
          (params.coupon === undefined || row.promotion.coupon === params.coupon),
      }),
  }),
]

function restrictionsOf({ restrictions }: Values<typeof CODE>): PromotionCode['restrictions'] {
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = restrictions ?? {}
  if ((minimum_amount === undefined) !== (minimum_amount_currency === undefined)) {
    const param = 'restrictions[minimum_amount_currency]'
    throw invalid('minimum_amount goes with minimum_amount_currency.', param, 'parameter_missing')
  }
  return {
    first_time_transaction: first_time_transaction ?? false,
    minimum_amount: minimum_amount ?? null,
    minimum_amount_currency: minimum_amount_currency ?? null,
  }
}

function createCoupon(step: Step, params: Values<typeof COUPON>): Coupon {
  const { amount_off, currency, percent_off, duration = 'once', duration_in_months } = params
  if ((amount_off === undefined) === (percent_off === undefined)) {
    throw invalid('Specify exactly one of percent_off and amount_off.', 'percent_off')
  }
  if (amount_off !== undefined && currency === undefined) {
    throw invalid(
      'You must pass currency when passing amount_off.',
      'currency',
      'parameter_missing',
    )
  }
  if ((duration === 'repeating') !== (duration_in_months !== undefined)) {
    throw invalid('duration_in_months goes with the duration repeating.', 'duration_in_months')
  }
  if (params.id !== undefined && step.find('coupons', params.id) !== undefined) {
    throw invalid('Coupon already exists.', 'id', 'resource_already_exists')
  }
  const { max_redemptions, name, redeem_by } = params
  const coupon = step.put(
    'coupons',
    newCoupon({
      ...given({ amount_off, currency, duration_in_months, max_redemptions, name, redeem_by }),
      id: params.id ?? newId('C', 8).slice(2),
      created: step.now,
      duration,
      metadata: params.metadata ?? {},
      percent_off: percent_off === undefined ? null : Number(percent_off),
      ...(params.applies_to?.products && {
        applies_to: { products: [...params.applies_to.products] },
      }),
    }),
  )
  emit(step, 'coupon.created', coupon)
  return coupon
}
