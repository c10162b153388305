import { z } from '@hono/zod-openapi'
import { withPlannedPrices } from '../../adapters/stripe/commands/planned-prices.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { addsTo, priceOfAddons } from '../../domain/subscription/addons.ts'
import {
  CHANGE_TIMES,
  effectiveTime,
  wayOfChange,
  type ChangeTime,
} from '../../domain/subscription/plan-change.ts'
import type { AddonUnits, Subscription } from '../../domain/subscription/subscription.ts'
import { growsInTrial, trialEndAfterChange } from '../../domain/subscription/trial.ts'
import type { Requester } from '../../workflows/contract.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiDependencies } from '../environment.ts'
import { priceSchema } from '../plans/list.ts'
import type { TargetRefusal, WantedItem } from './addon-target.ts'
import { refusalByWorkflow } from './command.ts'
import {
  finalInvoice,
  invoiceView,
  NO_SUMS,
  previewLinesSchema,
  previewSums,
} from './invoice-preview.ts'
import { findTarget, mayDowngradeNow } from './plan-target.ts'

const instant = z.iso.datetime()

/** The cost of a plan change. */
export const previewSchema = z
  .object({
    plan: z.string().describe('The slug of the new plan.'),
    when: z.enum(CHANGE_TIMES),
    takes_effect_at: instant,
    proration_date: instant
      .nullable()
      .describe(
        'Send it with the change to charge exactly the previewed amount. Null if nothing is charged now.',
      ),
    amount_due: priceSchema.describe(
      'The amount that is charged now, after credits and the customer’s balance.',
    ),
    ...previewSums,
    lines: previewLinesSchema,
    next_price: priceSchema.describe(
      'The price of each later period, for the whole quantity and all add-ons, without tax that it does not include.',
    ),
  })
  .openapi('PlanChangePreview')

/** The cost of a plan change, as the API answers it. */
export type Preview = z.infer<typeof previewSchema>

/** Refusals of the workflow, which a preview foresees. */
type Foreseen = { readonly code: 'grows_in_trial' | 'plan_unclear'; readonly detail: string }
/** Why a change cannot be previewed: it would be refused. */
export type PreviewRefusal = TargetRefusal | Foreseen

const refusedAs = (code: Foreseen['code']) => {
  const refusal: PreviewRefusal = { code, detail: refusalByWorkflow(code).detail }
  return { kind: 'refused' as const, refusal }
}

type PreviewOrder = {
  readonly own: Subscription
  /** Slug or id; absent keeps the present version. */
  readonly planId?: string | undefined
  /** Absent keeps the present ones. */
  readonly addons?: readonly WantedItem[] | undefined
  readonly quantity?: number | undefined
  readonly when?: ChangeTime | undefined
  readonly caller: Caller
  readonly actor: Requester['actor']
  /** The time of an earlier preview; now by default. */
  readonly prorationDate?: Date | undefined
}
type Previewed =
  | { readonly kind: 'refused'; readonly refusal: PreviewRefusal }
  | { readonly kind: 'previewed'; readonly preview: Preview }

/** Decides what a change would do, without Stripe. */
export async function findChange(
  { repositories, clock, access }: ApiDependencies,
  { own, caller, actor, prorationDate, ...wanted }: PreviewOrder,
) {
  const at = clock.now()
  const mayDowngrade = mayDowngradeNow(caller, access)
  const target = await findTarget(repositories, own, {
    ...wanted,
    at,
    mayDowngradeNow: mayDowngrade,
  })
  if (target.kind === 'refused') return target
  const { quantity = own.quantity } = wanted
  const { after, addons, periodEnd } = target
  const by = { after, actor, at }
  const hasMoreAddons = own.status === 'trialing' && addsTo(own.addons, addons)
  if (growsInTrial(own, { ...by, quantity }) || (hasMoreAddons && actor === 'user'))
    return refusedAs('grows_in_trial')
  const change: Change = {
    own,
    after,
    quantity,
    addons,
    when: effectiveTime(own, target.when),
    trialEnd: trialEndAfterChange(own, by),
    periodEnd,
    prorationDate: prorationDate ?? at,
  }
  return { kind: 'found' as const, change }
}

/** Reads the cost of a change that was found. */
export async function previewFound(
  dependencies: ApiDependencies,
  change: Change,
): Promise<Previewed> {
  const { own, after, when } = change
  const { stripeSubscriptionId } = own
  const changesItem = ['charged', 'scheduled'].includes(wayOfChange(own, after, when))
  if (
    changesItem &&
    stripeSubscriptionId !== null &&
    !(await dependencies.stripe.hasClearPlan(stripeSubscriptionId))
  )
    return refusedAs('plan_unclear')
  return { kind: 'previewed', preview: await previewChange(dependencies, change) }
}

type Change = {
  readonly own: Subscription
  readonly after: PlanVersion
  readonly quantity: number
  readonly addons: readonly AddonUnits[]
  readonly when: (typeof CHANGE_TIMES)[number]
  readonly trialEnd: Date | 'now' | null
  readonly periodEnd: Date
  /** The instant as of which the proration is calculated. */
  readonly prorationDate: Date
}

/** @see https://docs.stripe.com/billing/subscriptions/prorations#preview-proration */
async function previewChange(
  { clock, repositories, stripe, flushOverage }: ApiDependencies,
  { own, after, quantity, addons, when, trialEnd, periodEnd, ...asOf }: Change,
): Promise<Preview> {
  const now = clock.now()
  const addonsMinor = await priceOfAddons(repositories.plans, addons)
  const price = {
    amount_minor: after.price.amountMinor * quantity + addonsMinor,
    currency: after.price.currency,
  }
  const answer = {
    plan: after.slug,
    when,
    takes_effect_at: (when === 'now' ? now : periodEnd).toISOString(),
    next_price: price,
  }
  const { stripeSubscriptionId } = own
  const isCharged =
    wayOfChange(own, after, when) === 'charged' && (own.status !== 'trialing' || trialEnd === 'now')
  const isEnded = when === 'now' && wayOfChange(own, after, when) === 'leaving_stripe'
  if (stripeSubscriptionId !== null && isEnded)
    return {
      ...answer,
      proration_date: null,
      ...(await finalInvoice({ stripe, flushOverage }, { own, plan: after, at: now })),
    }
  // Without a charge now, Stripe's preview would be the invoice of the next renewal.
  if (stripeSubscriptionId === null || !isCharged)
    return {
      ...answer,
      proration_date: null,
      amount_due: { ...price, amount_minor: 0 },
      ...NO_SUMS,
      lines: [],
    }
  // Stripe's timestamps are in whole seconds.
  const prorationDate = new Date(Math.floor(asOf.prorationDate.getTime() / 1_000) * 1_000)
  await flushOverage(own.userId, now)
  const order = { stripeSubscriptionId, quantity, prorationDate, trialEnd }
  const preview = await withPlannedPrices({ stripe, repositories }, after, {
    send: (prices) => stripe.previewPlanChange({ ...order, ...prices }),
    at: now,
    addons,
    held: own.addons,
  })
  return { ...answer, proration_date: prorationDate.toISOString(), ...invoiceView(preview) }
}
