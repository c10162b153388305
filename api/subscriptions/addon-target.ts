import { misfitOf } from '../../domain/catalogue/addon.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { readAddons } from '../../domain/subscription/addons.ts'
import type { AddonUnits, Subscription } from '../../domain/subscription/subscription.ts'
import type { FieldError, ProblemCode, ProblemExtras } from '../problem.ts'

/** The problems of a change that cannot begin: of the change and of its preview. */
export const TARGET_PROBLEMS = [
  'plan_not_found',
  'addon_does_not_fit',
  'plan_unchanged',
  'checkout_required',
  'plan_not_changeable',
  'subscription_over',
  'move_not_allowed',
  'downgrade_not_now',
  'quantity_in_use',
] as const

/** Why a change of plan, quantity or add-ons is refused before its workflow sees it. */
export type TargetRefusal = {
  readonly code: (typeof TARGET_PROBLEMS)[number] | 'grows_in_trial' | 'invalid_request'
  readonly detail: string
  readonly errors?: FieldError[]
}

/** Units of an add-on, by its slug or id. */
export type WantedItem = { readonly planId: string; readonly quantity: number }

/** The answer for a refused target. */
export const refused = (refusal: TargetRefusal) => ({ kind: 'refused' as const, refusal })

/** The problem of a refused target. */
export const problemOf = ({
  code,
  detail,
  errors,
}: TargetRefusal): [ProblemCode, string, ProblemExtras] => [code, detail, errors ? { errors } : {}]

type Found =
  { readonly kind: 'found'; readonly addons: readonly AddonUnits[] } | ReturnType<typeof refused>

type Change = {
  readonly before: PlanVersion
  readonly after: PlanVersion
  /** Absent keeps the present ones. */
  readonly wanted: readonly WantedItem[] | undefined
}

/**
 * Finds the versions of the add-ons after a change: the present version of an add-on that stays, and the one on sale of a new one.
 * All must fit the plan after the change. An add-on of a plan that does not change stays, whatever it fits by now.
 */
export async function findAddons(
  plans: Pick<PlanRepository, 'findAddon' | 'getVersion'>,
  own: Subscription,
  { before, after, wanted }: Change,
): Promise<Found> {
  const held = await readAddons(plans, own.addons)
  const mustFit = ({ id }: PlanVersion) =>
    after.id !== before.id || !held.some(({ plan }) => plan.id === id)
  if (wanted === undefined) {
    const odd = held.find(({ plan }) => mustFit(plan) && misfitOf(plan, after) !== null)?.plan
    return odd === undefined
      ? { kind: 'found', addons: own.addons }
      : refused({ code: 'addon_does_not_fit', detail: phraseOf(odd, after) })
  }
  return resolve(plans, { after, held, mustFit, wanted })
}

/** Finds the versions on sale of add-ons to buy with a plan. */
export const findNewAddons = (
  plans: Pick<PlanRepository, 'findAddon'>,
  plan: PlanVersion,
  wanted: readonly WantedItem[],
): Promise<Found> => resolve(plans, { after: plan, held: [], mustFit: () => true, wanted })

type Resolution = {
  readonly after: PlanVersion
  readonly held: readonly Units[]
  readonly mustFit: (addon: PlanVersion) => boolean
  readonly wanted: readonly WantedItem[]
}

async function resolve(
  plans: Pick<PlanRepository, 'findAddon'>,
  { after, held, mustFit, wanted }: Resolution,
): Promise<Found> {
  const addons = new Map<string, number>()
  for (const [index, { planId, quantity }] of wanted.entries()) {
    const addon =
      held.find(({ plan }) => [plan.slug, plan.planId].includes(planId.toLowerCase()))?.plan ??
      (await plans.findAddon(planId, after.price.currency))
    const field = `addons.${index}.plan_id`
    if (addon === undefined)
      return refused({
        code: 'plan_not_found',
        detail: `There is no add-on \`${planId}\`. GET /api/v1/billing/plans lists all add-ons.`,
        errors: [{ field, detail: 'is not an add-on on sale' }],
      })
    const misfit = mustFit(addon) ? misfitOf(addon, after) : null
    if (misfit !== null)
      return refused({
        code: 'addon_does_not_fit',
        detail: phraseOf(addon, after),
        errors: [{ field, detail: misfit }],
      })
    // By its slug and by its id, or in two versions: the caller means one of them, and would pay for both.
    if (addons.has(addon.id))
      return refused({
        code: 'invalid_request',
        detail: 'Each add-on may be named once.',
        errors: [{ field, detail: 'names an add-on that was named before' }],
      })
    addons.set(addon.id, quantity)
  }
  return {
    kind: 'found',
    addons: [...addons].map(([planVersionId, quantity]) => ({ planVersionId, quantity })),
  }
}

const phraseOf = (addon: PlanVersion, after: PlanVersion): string =>
  `The add-on \`${addon.slug}\` cannot be beside the plan \`${after.slug}\`: ${misfitOf(addon, after)}. Choose another plan, or send PUT /subscriptions/{id}/items with the add-ons to keep.`
