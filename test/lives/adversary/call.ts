import { z } from 'zod'
import { ADDON_SLUGS, CODES_OF_FEATURES, LINES, SLUGS } from './price-list.ts'

/** The accounts of one person: 1 has the e-mail address with a tag, 2 another address; all have the same card. */
export const ACCOUNTS = 3
const by = z
  .int()
  .min(0)
  .max(ACCOUNTS - 1)
const line = z.enum(LINES).optional()
const plan = z.enum(SLUGS)
const feature = z.enum(CODES_OF_FEATURES)
const quantity = z.int().min(1).optional()
/** The units of each add-on; all that are not named are none. */
const addons = z.partialRecord(z.enum(ADDON_SLUGS), z.int().min(1)).optional()
/** `all` is what is left. */
const amount = z.union([z.literal('all'), z.int().min(1)])
/** Idempotency keys that the service uses for its own commands. */
const key = z.enum(['money_back', 'offer_end']).optional()

const one = <const Kind extends string>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), by, line })

/** Everything that a customer may do with their own token, at their bank, and through the application that counts usage. */
export const call = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('wait'), days: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('buy'),
    by,
    plan,
    /** `none` starts a trial without a card; `leaves` abandons the page. */
    card: z.enum(['good', 'declines', 'none', 'leaves']),
    quantity,
    /** With a promotion code. */
    code: z.boolean().optional(),
    addons,
  }),
  z.strictObject({
    kind: z.literal('change'),
    by,
    plan,
    when: z.enum(['now', 'period_end']),
    quantity,
  }),
  /** A change of plan, quantity and add-ons; what is absent stays. */
  z.strictObject({
    kind: z.literal('items'),
    by,
    plan: plan.optional(),
    quantity,
    addons,
    when: z.enum(['now', 'period_end']).optional(),
    /** `fresh` is charged as previewed just before; `kept` sends the instant of the first preview that they ever had. */
    preview: z.enum(['fresh', 'kept']).optional(),
  }),
  z.strictObject({
    kind: z.literal('cancel'),
    by,
    line,
    when: z.enum(['now', 'period_end', 'in_3_years']),
    key,
  }),
  one('keep'),
  one('pause'),
  one('resume'),
  one('unchange'),
  one('end_trial'),
  one('dispute'),
  one('pay'),
  z.strictObject({
    kind: z.literal('use'),
    by,
    feature,
    amount,
    how: z.enum(['consume', 'batch']).optional(),
  }),
  z.strictObject({ kind: z.literal('return'), by, feature, amount: z.int().min(1) }),
  z.strictObject({ kind: z.literal('reserve'), by, feature, amount }),
  /** The share of the oldest open reservation that is settled, in per cent; zero releases it. */
  z.strictObject({ kind: z.literal('settle'), by, percent: z.int().min(0) }),
  z.strictObject({ kind: z.literal('card'), by, works: z.boolean() }),
  /** An operator's offer, which the customer has from then on. */
  z.strictObject({ kind: z.literal('offer'), by }),
])
export type Call = z.infer<typeof call>
export type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>
/** A call by one of the accounts. */
export type AccountCall = Exclude<Call, { kind: 'wait' }>

export const sequence = z.array(call)
export type Sequence = readonly Call[]
