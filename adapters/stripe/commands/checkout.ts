import type Stripe from 'stripe'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { SubscriptionId } from '../../../domain/ids.ts'
import type { CheckoutTax, TaxSettings } from '../../../domain/stripe/tax.ts'
import type { Checkout } from '../../../domain/subscription/subscription.ts'
import type { OveragePrice } from '../reading/overage-prices.ts'
import { classifyStripeError, findAtStripe } from '../sdk/errors.ts'
import { METADATA_SUBSCRIPTION, METADATA_USER } from '../sdk/metadata.ts'
import { fromStripeTime, toStripeTime } from '../sdk/time.ts'
import type { WantedAddon } from './addon-items.ts'
import { keyed, type StripeContext, type TaxContext } from './context.ts'

/** A discount on a checkout: by an id at Stripe, or any code that the customer types on the page. */
export type CheckoutDiscount =
  { readonly promotionCodeId: string } | { readonly couponId: string } | { readonly typed: true }

/**
 * A payment page to open.
 *
 * @see https://docs.stripe.com/api/checkout/sessions/create
 */
export type CheckoutOrder = {
  readonly subscriptionId: SubscriptionId
  readonly userId: string
  readonly customerId: string
  readonly plan: PlanVersion
  readonly priceId: string
  readonly generation: number
  readonly quantity: number
  readonly addons: readonly WantedAddon[] | null
  /** Metered prices for usage beyond the plan's quota. */
  readonly overage: readonly OveragePrice[]
  readonly discount: CheckoutDiscount | null
  /** Overrides the deployment's tax settings. */
  readonly tax: CheckoutTax
  /** Zero for no trial. */
  readonly trialDays: number
  /** The customer's language, such as `pt-BR`. */
  readonly locale: string
  /** `if_required`: the page asks for a card only if a payment is due now. */
  readonly paymentMethodCollection: 'always' | 'if_required'
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: Date
}

/**
 * Opens a hosted checkout page. Running it twice with one generation returns the same session.
 *
 * @see https://docs.stripe.com/payments/checkout/build-subscriptions
 */
export async function createCheckout(
  context: StripeContext & TaxContext,
  order: CheckoutOrder,
): Promise<Checkout> {
  const { subscriptionId: subject, generation } = order
  const session = await context.stripe.checkout.sessions.create(
    { ...sessionParameters(order), ...taxParameters({ ...context.tax, ...order.tax }) },
    keyed(context, { subject, command: 'checkout', generation }),
  )
  if (session.url === null) throw new Error(`Stripe's session ${session.id} has no page`)
  return {
    sessionId: session.id,
    url: session.url,
    expiresAt: fromStripeTime(session.expires_at),
    planVersionId: order.plan.id,
  }
}

/** Closes an open session. Running it twice, or on a closed session, only returns how it ended. */
export async function expireCheckout(
  context: StripeContext,
  sessionId: string,
): Promise<'expired' | 'complete'> {
  const { sessions } = context.stripe.checkout
  try {
    const key = { subject: sessionId, command: 'expire-checkout', generation: 1 }
    await sessions.expire(sessionId, {}, keyed(context, key))
    return 'expired'
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'rejected') throw error
    const session = await sessions.retrieve(sessionId)
    if (session.status === 'open') throw error
    return session.status === 'complete' ? 'complete' : 'expired'
  }
}

/** @returns the discount that a code or coupon gives now; undefined when it does not exist or is no longer valid */
export async function findDiscount(
  stripe: Stripe,
  by: { readonly promotionCode: string } | { readonly coupon: string },
): Promise<CheckoutDiscount | undefined> {
  if ('coupon' in by) {
    const coupon = await findAtStripe(() => stripe.coupons.retrieve(by.coupon))
    return coupon?.valid === true ? { couponId: coupon.id } : undefined
  }
  const { data } = await stripe.promotionCodes.list({ code: by.promotionCode, active: true })
  const [code] = data
  return code === undefined ? undefined : { promotionCodeId: code.id }
}

function discountParameters(
  discount: CheckoutDiscount | null,
): Pick<Stripe.Checkout.SessionCreateParams, 'discounts' | 'allow_promotion_codes'> {
  if (discount === null) return {}
  if ('typed' in discount) return { allow_promotion_codes: true }
  return 'couponId' in discount
    ? { discounts: [{ coupon: discount.couponId }] }
    : { discounts: [{ promotion_code: discount.promotionCodeId }] }
}

/**
 * Stripe needs the customer's address to calculate tax, and their name to keep a tax id. Both are typed on the page and stored
 * with the customer, so that renewals are taxed alike.
 *
 * @see https://docs.stripe.com/tax/checkout
 */
function taxParameters({
  automatic,
  taxIds,
  billingAddress,
}: TaxSettings): Partial<Stripe.Checkout.SessionCreateParams> {
  const storesAddress = automatic || billingAddress === 'required'
  return {
    ...(automatic && { automatic_tax: { enabled: true } }),
    ...(taxIds && { tax_id_collection: { enabled: true } }),
    ...(billingAddress === 'required' && { billing_address_collection: 'required' }),
    ...((storesAddress || taxIds) && {
      customer_update: {
        ...(storesAddress && { address: 'auto' }),
        ...(taxIds && { name: 'auto' }),
      },
    }),
  }
}

function sessionParameters(order: CheckoutOrder): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    [METADATA_SUBSCRIPTION]: order.subscriptionId,
    [METADATA_USER]: order.userId,
  }
  return {
    mode: 'subscription',
    customer: order.customerId,
    client_reference_id: order.subscriptionId,
    line_items: [
      { price: order.priceId, quantity: order.quantity },
      ...(order.addons ?? []).flatMap(({ priceId: price, quantity }) =>
        price === null ? [] : [{ price, quantity }],
      ),
      // A metered price has no quantity.
      ...order.overage.map(({ priceId: price }) => ({ price })),
    ],
    metadata,
    subscription_data: {
      metadata,
      ...(order.trialDays > 0 && {
        trial_period_days: order.trialDays,
        // A customer without a card keeps the subscription, paused and without access, until they add one.
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      }),
    },
    ...(order.trialDays > 0 && {
      custom_text: { submit: { message: termsOfTrial(order.locale) } },
    }),
    payment_method_collection: order.paymentMethodCollection,
    ...discountParameters(order.discount),
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    expires_at: toStripeTime(order.expiresAt),
  }
}

/** The page announces that a repeated trial is charged, because Stripe reads the card only after the customer has agreed. */
const termsOfTrial = (locale: string): string =>
  locale.toLowerCase().startsWith('pt')
    ? 'O período de teste é para quem ainda não teve um. Se este cartão ou este e-mail já teve, o primeiro pagamento é cobrado hoje.'
    : 'The trial is for people who have not had one. If this card or e-mail address has, the first payment is charged today.'
