/** A base plan is subscribed to; an add-on is added to a subscription of a base plan. */
export const PLAN_KINDS = ['base', 'addon'] as const
/** A kind of `PLAN_KINDS`. */
export type PlanKind = (typeof PLAN_KINDS)[number]
