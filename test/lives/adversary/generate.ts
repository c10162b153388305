import { ACCOUNTS, type Call, type Sequence } from './call.ts'
import type { Dice } from './dice.ts'
import {
  ADDON_SLUGS,
  CODES_OF_FEATURES,
  LINE_OF,
  PLANS,
  SLUGS,
  type AddonSlug,
  type Line,
  type Slug,
} from './price-list.ts'

const CALLS_MIN = 3
export const CALLS_MAX = 12
/** Days. Sums of few numbers fall together, so that one stop of the clock serves many sequences. */
const WAITS = [1, 16, 16, 32, 32, 32, 32, 64]
/** A year of renewals costs as much as forty short sequences, so one wait in this many is that long. */
const LONG_WAIT_EVERY = 200
const LONG_WAIT = 384
/** One call in this many is by another account of the same person. */
const OTHER_EVERY = 9

/** The things that the account is likely to have, so that most calls are about something. */
type State = { readonly has: Map<Line, Slug>; isPaused: boolean; holds: number }
type Make = (dice: Dice, state: State, by: number) => Call | undefined

const quantity = ({ pick }: Dice) => {
  const chosen = pick([undefined, undefined, undefined, undefined, 1, 2, 10])
  return chosen === undefined ? {} : { quantity: chosen }
}
const feature = ({ pick }: Dice, { has }: State) => {
  const own = CODES_OF_FEATURES.filter((each) => has.has(LINE_OF[each]))
  return pick(['ai_minutes' as const, ...(own.length > 0 ? own : CODES_OF_FEATURES)])
}

/** None, one, or both add-ons. */
const someAddons = (dice: Dice): { addons: Partial<Record<AddonSlug, number>> } => {
  const chosen = ADDON_SLUGS.filter(() => dice.roll(2) === 0)
  return { addons: Object.fromEntries(chosen.map((slug) => [slug, dice.pick([1, 1, 2, 5])])) }
}

const use: Make = (dice, state, by) => ({
  kind: 'use',
  by,
  feature: feature(dice, state),
  amount: dice.pick(['all', 'all', 'all', 'all', 1, 50, 150] as const),
  ...(dice.roll(8) === 0 && { how: 'batch' as const }),
})
const buy: Make = (dice, { has }, by) => {
  const plan = dice.pick(SLUGS)
  const { line, price, trialDays } = PLANS[plan]
  const card = dice.pick([
    'good',
    'good',
    'good',
    'good',
    'good',
    'good',
    'declines',
    'leaves',
  ] as const)
  if (card === 'good') has.set(line, plan)
  return {
    kind: 'buy',
    by,
    plan,
    card: trialDays > 0 && dice.roll(4) === 0 ? 'none' : card,
    ...(price > 0 && quantity(dice)),
    ...(price > 0 && dice.roll(12) === 0 && { code: true }),
    ...(price > 0 && dice.roll(4) === 0 && someAddons(dice)),
  }
}
const items: Make = (dice, { has }, by) => {
  if (!has.has('main')) return undefined
  const when = dice.pick([undefined, undefined, 'now', 'period_end'] as const)
  const preview = dice.pick([undefined, undefined, undefined, 'fresh', 'kept'] as const)
  return {
    kind: 'items',
    by,
    ...(dice.roll(5) === 0 && { plan: dice.pick(SLUGS) }),
    ...(dice.roll(3) === 0 && quantity(dice)),
    ...(dice.roll(6) > 0 && someAddons(dice)),
    ...(when !== undefined && { when }),
    ...(preview !== undefined && { preview }),
  }
}
const change: Make = (dice, { has }, by) => {
  const own = has.get('main')
  if (own === undefined) return undefined
  const plan = dice.roll(3) === 0 ? own : dice.pick(SLUGS)
  const when = dice.pick(['now', 'now', 'now', 'period_end'] as const)
  return { kind: 'change', by, plan, when, ...quantity(dice) }
}
const lineOf = ({ pick }: Dice, { has }: State): { readonly line?: Line } | undefined => {
  if (has.size === 0) return undefined
  return pick([...has.keys()]) === 'notes' ? { line: 'notes' } : {}
}
const cancel: Make = (dice, state, by) => {
  const line = lineOf(dice, state)
  if (line === undefined) return undefined
  const key = dice.pick([undefined, undefined, 'money_back', 'offer_end'] as const)
  const when = dice.pick(['now', 'period_end', 'in_3_years'] as const)
  return { kind: 'cancel', by, ...line, when, ...(key !== undefined && { key }) }
}
const plain =
  (kind: 'keep' | 'unchange' | 'end_trial'): Make =>
  (dice, state, by) => {
    const line = lineOf(dice, state)
    return line && { kind, by, ...line }
  }
const pause: Make = (dice, state, by) => {
  const line = lineOf(dice, state)
  if (line === undefined) return undefined
  state.isPaused = !state.isPaused
  return { kind: state.isPaused ? 'pause' : 'resume', by, ...line }
}
const ofMoney =
  (kind: 'dispute' | 'pay'): Make =>
  (_dice, { has }, by) =>
    has.size === 0 ? undefined : { kind, by }
const reserve: Make = (dice, state, by) => {
  state.holds += 1
  return {
    kind: 'reserve',
    by,
    feature: feature(dice, state),
    amount: dice.pick(['all', 5] as const),
  }
}
const settle: Make = ({ pick }, state, by) =>
  state.holds === 0 ? undefined : { kind: 'settle', by, percent: pick([0, 50, 100, 200]) }
const wait: Make = ({ pick, roll }) => ({
  kind: 'wait',
  days: roll(LONG_WAIT_EVERY) === 0 ? LONG_WAIT : pick(WAITS),
})

/** Each call as often as its weight says. */
const MAKERS: readonly Make[] = (
  [
    [7, use],
    [4, wait],
    [4, buy],
    [4, change],
    [5, items],
    [3, cancel],
    [4, pause],
    [2, plain('keep')],
    [2, plain('unchange')],
    [1, plain('end_trial')],
    [1, ofMoney('dispute')],
    [1, ofMoney('pay')],
    [1, reserve],
    [1, settle],
    [
      1,
      (dice, { has }, by) =>
        has.size === 0 ? undefined : { kind: 'card', by, works: dice.roll(2) === 0 },
    ],
    [1, (_dice, _state, by) => ({ kind: 'offer', by })],
    [1, (dice, state, by) => ({ kind: 'return', by, feature: feature(dice, state), amount: 5 })],
  ] satisfies readonly (readonly [number, Make])[]
).flatMap(([weight, make]) => Array.from({ length: weight }, () => make))

const newStates = () =>
  Array.from({ length: ACCOUNTS }, (): State => ({ has: new Map(), isPaused: false, holds: 0 }))

function anyCall(dice: Dice, states: readonly State[]): Call {
  const by = dice.roll(OTHER_EVERY) === 0 ? 1 + dice.roll(ACCOUNTS - 1) : 0
  const state = states[by] ?? newStates()[0]!
  return dice.pick(MAKERS)(dice, state, by) ?? use(dice, state, by) ?? { kind: 'wait', days: 1 }
}

/** A purchase, random calls, and usage of all that is left at the end. */
export function randomSequence(dice: Dice): Sequence {
  const states = newStates()
  const first = states[0]!
  const offer: Call[] = dice.roll(8) === 0 ? [{ kind: 'offer', by: 0 }] : []
  const start = [...offer, buy(dice, first, 0)!]
  const length = CALLS_MIN + dice.roll(CALLS_MAX - CALLS_MIN + 1)
  const calls = Array.from({ length: length - start.length - 1 }, () => anyCall(dice, states))
  return [...start, ...calls, use(dice, first, 0)!]
}

/** Another sequence that is close to this one: one to three small changes. */
export function mutate(dice: Dice, sequence: Sequence, other: Sequence): Sequence {
  let calls = [...sequence]
  const states = newStates()
  for (const { has } of states) has.set('main', 'plan_pro_monthly')
  const any = () => anyCall(dice, states)
  for (let times = 1 + dice.roll(3); times > 0; times--) {
    const at = dice.roll(calls.length + 1)
    const way = dice.roll(6)
    if (way === 0) calls.splice(at, 1)
    else if (way === 1) calls.splice(at, 1, any())
    else if (way === 2) calls.splice(at, 0, any(), use(dice, states[0]!, 0)!)
    else if (way === 3) calls = [...calls, ...calls.slice(at)]
    else if (way === 4) calls = [...calls.slice(0, at), ...other.slice(dice.roll(other.length))]
    else calls.splice(at, 0, any())
  }
  return calls.length < CALLS_MIN ? [...calls, ...randomSequence(dice)] : calls.slice(0, CALLS_MAX)
}
