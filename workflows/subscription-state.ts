import type {
  Answer,
  AttributeOfView,
  BriefView,
  Fact,
  SubscriptionInput,
  SubscriptionView,
} from './contract.ts'
import { carried, carry, withTaken, type SeenEvent } from './seen-events.ts'
import type { Thread } from './thread.ts'

/** A caller repeats its last command, hardly one of ten commands ago. */
const ANSWERS_MAX = 10
/** A caller that hears nothing repeats its command within minutes; a day is as long as Stripe promises for its own keys. */
const ANSWERS_CARRIED_MS = 24 * 60 * 60_000

/** What a run works on. */
export type SubscriptionState = {
  readonly subscriptionId: string
  readonly userId: string
  view: SubscriptionView | null
  /** Commands that failed for good: none of their keys is used again. */
  spentKeys: number
  /** What it begins with when it was not sold here. */
  readonly adopts: string | undefined
  /** Events that this run took in. */
  seen: readonly SeenEvent[]
  /** Those that the run before it took in. */
  readonly seenBefore: readonly SeenEvent[]
  answers: NonNullable<SubscriptionInput['answers']>
  facts: Fact[]
  /** What each fact of this run is part of; those of the run before have lost it. */
  readonly threads: WeakMap<Fact, Thread>
}

/**
 * The state that a run starts with. A new `stateVersion` is read here beside the old ones, and written by `handOver`.
 * @param attributes what the search attributes of this run say of its subscription.
 */
export function resume(
  input: SubscriptionInput,
  attributes: Pick<SubscriptionView, AttributeOfView>,
): SubscriptionState {
  return {
    subscriptionId: input.subscriptionId,
    userId: input.userId,
    view: input.view && { ...attributes, ...input.view },
    adopts: input.adopts,
    spentKeys: input.spentKeys ?? 0,
    seen: [],
    seenBefore: carried(input.seenEventIds ?? []),
    answers: input.answers ?? [],
    facts: [...(input.facts ?? [])],
    threads: new WeakMap(),
  }
}

/** All that this run knows, for an operator. */
export function leave(state: SubscriptionState) {
  const { threads: _, ...known } = state
  return { stateVersion: 1 as const, ...known }
}

/** What these facts are part of: several that are taken in together go with the first. */
export const threadOf = (state: SubscriptionState, [first]: readonly Fact[]): Thread =>
  (first && state.threads.get(first)) ?? ((step) => step())

/** The view as the next run begins with it: what its search attributes say is not written again. */
export function brief(view: SubscriptionView): BriefView {
  const { plan: _, planVersion: __, periodEnd: ___, stripeCustomerId: ____, ...rest } = view
  return rest
}

/**
 * What the next run has to know. It is written into two histories, so what is empty is left out, and so is what nobody
 * asks for any more.
 */
export function handOver(state: SubscriptionState, now: number): SubscriptionInput {
  const { subscriptionId, userId, view, facts } = state
  const seenEventIds = carry(state.seen)
  const answers = state.answers.filter(({ at }) => now - Date.parse(at) < ANSWERS_CARRIED_MS)
  return {
    stateVersion: 1,
    subscriptionId,
    userId,
    view,
    ...(state.spentKeys > 0 && { spentKeys: state.spentKeys }),
    ...(seenEventIds.length > 0 && { seenEventIds }),
    ...(answers.length > 0 && { answers }),
    ...(facts.length > 0 && { facts }),
  }
}

/** The subscription of Stripe's that these facts say is ours. */
export const joinedBy = (facts: readonly Fact[]): string | undefined =>
  facts.map((fact) => (fact.kind === 'stripeChanged' ? fact.joins : undefined)).find(Boolean)

/** Called once an observation is committed: one that failed is told again by the inbox, and must not be taken for old. */
export function takeIn(
  state: SubscriptionState,
  eventIds: readonly string[],
  types: ReadonlyMap<string, string>,
): void {
  const at = Date.now()
  const taken = eventIds.map((id) => ({ id, at, type: types.get(id) }))
  state.seen = withTaken(state.seen, taken)
}

export function remember(
  state: SubscriptionState,
  { commandId, answer, at }: { commandId: string; answer: Answer; at: string },
): void {
  state.answers = [...state.answers, { commandId, answer, at }].slice(-ANSWERS_MAX)
}

/** Canceled or expired: nothing follows. */
export const isOver = (state: SubscriptionState): boolean => state.view?.over === true
