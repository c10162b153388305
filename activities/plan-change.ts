import { priceOfPlan } from '../adapters/stripe/commands/price-of-plan.ts'
import { effectiveTime, wayOfChange, type ChangeTime } from '../domain/subscription/plan-change.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import { changeFree } from '../domain/subscription/renewal.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createCommands, type CommandOrder, type CommandOutcome } from './move.ts'
import { askStripe } from './stripe-failure.ts'

export type PlanChangeOrder = CommandOrder & {
  readonly planVersionId: string
  readonly when: ChangeTime
  /** As of when a charge is reckoned; null means `at`. */
  readonly prorationDate: string | null
  readonly quantity?: number
  readonly onlyFrom?: string
  readonly cause?: string
}

/** Whether somebody else's decision would still be about this subscription as it is. */
const isAsSeen = (now: Subscription, planVersionId: string): boolean =>
  now.planVersionId === planVersionId && now.pendingChange === null && now.cancelAt === null

export function createPlanChangeActivities(dependencies: ActivityDependencies) {
  const { stripe, repositories } = dependencies
  const { plans } = repositories
  const { load, done, refuse, seen, written } = createCommands(dependencies)

  const priceOf = (plan: PlanVersion) => askStripe(() => priceOfPlan({ plans, stripe }, plan))

  return {
    /**
     * Moves a subscription to another plan, or arranges that it moves at the end of its period; whatever was pending
     * gives way. A charge that is not paid at once leaves the change waiting for it. Running it twice finds it done.
     */
    async changePlan(request: PlanChangeOrder): Promise<CommandOutcome> {
      const before = await load(request.subscriptionId)
      const plan = await plans.getVersion(request.planVersionId)
      const at = new Date(request.at)
      const when = effectiveTime(before, request.when)
      const step = { at, actor: request.actor, cause: request.cause ?? 'plan change' }
      const pending = (instant: Date) =>
        ({
          kind: 'scheduled',
          planVersionId: plan.id,
          at: instant,
          paymentUrl: null,
        }) as const
      const periodEnd = before.period?.end ?? at
      const { stripeSubscriptionId } = before
      const { quantity = before.quantity } = request
      // A retry that comes after its own success.
      if (before.planVersionId === plan.id && before.quantity === quantity) return done(before)
      if (request.onlyFrom !== undefined) {
        if (before.pendingChange?.planVersionId === plan.id) return done(before)
        if (!isAsSeen(before, request.onlyFrom)) return refuse(before, 'moved_on')
      }
      if (stripeSubscriptionId === null) {
        const after =
          when === 'now'
            ? changeFree(before, plan, at)
            : { ...before, pendingChange: pending(periodEnd), cancelAt: null }
        return written(before, after, step)
      }

      const order = {
        subscriptionId: before.id,
        stripeSubscriptionId,
        generation: request.generation,
      }
      switch (wayOfChange(before, plan, when)) {
        case 'leaving_stripe': {
          const instant = when === 'now' ? at : periodEnd
          await askStripe(async () => {
            await stripe.dropPendingChange(order)
            await stripe.changeCancellation({ ...order, at: when })
          })
          return seen(before, { ...step, assume: { pendingChange: pending(instant) } })
        }
        case 'charged': {
          const priceId = await priceOf(plan)
          const prorationDate = new Date(request.prorationDate ?? request.at)
          await askStripe(() =>
            stripe.changePlanNow({ ...order, priceId, quantity, prorationDate }),
          )
          return seen(before, { ...step, assume: { pendingChange: null } })
        }
        case 'scheduled': {
          const priceId = await priceOf(plan)
          await askStripe(() => stripe.schedulePlanChange({ ...order, priceId, quantity }))
          return seen(before, { ...step, assume: { pendingChange: null } })
        }
        case 'ours':
          throw new Error(`${before.id} has a subscription at Stripe`)
      }
    },

    /**
     * Takes a pending change back: one that is scheduled, and one that waits for its payment, whose bill is voided.
     * Running it twice finds it done.
     */
    async withdrawPlanChange(request: CommandOrder): Promise<CommandOutcome> {
      const before = await load(request.subscriptionId)
      const { pendingChange, stripeSubscriptionId } = before
      if (pendingChange === null) return done(before)
      const step = {
        at: new Date(request.at),
        actor: request.actor,
        cause: 'plan change withdrawn',
      }
      if (stripeSubscriptionId === null)
        return written(before, { ...before, pendingChange: null }, step)
      const { generation } = request
      const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
      const isLeaving = isFree(await plans.getVersion(pendingChange.planVersionId))
      await askStripe(() =>
        isLeaving
          ? stripe.changeCancellation({ ...order, at: null })
          : stripe.dropPendingChange(order),
      )
      return seen(before, { ...step, assume: { pendingChange: null } })
    },
  }
}
