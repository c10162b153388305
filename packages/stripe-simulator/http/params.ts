import type { Form, FormFields } from './form.ts'
import { invalid } from './refusal.ts'

/** Reads one parameter from the form; `at` is its name as the caller wrote it. */
export type Param<Value, Required extends boolean = false> = {
  readonly read: (value: Form, at: string) => Value
  readonly required: Required
}

/** The parameters of an operation, or of a nested object, with a reader for each name. */
export type Spec = Readonly<Record<string, Param<unknown, boolean>>>

/** The values of a specification; a parameter that is not required may be undefined. */
export type Values<S extends Spec> = {
  readonly [Name in keyof S]: S[Name] extends Param<infer Value, infer Required>
    ? Required extends true
      ? Value
      : Value | undefined
    : never
}

/** Requires a reader for every parameter of the SDK's type, and no other. `expand` is read elsewhere. */
export type Covers<Params> = {
  readonly [Name in Exclude<keyof Params, 'expand' | Paging>]-?: Param<unknown, boolean>
}
type Paging = 'limit' | 'starting_after' | 'ending_before'

const optional = <Value>(read: Param<Value>['read']): Param<Value> => ({ read, required: false })

/** The same parameter; a call without it is refused as `parameter_missing`. */
export const required = <Value>({ read }: Param<Value>): Param<Value, true> => ({
  read,
  required: true,
})

/** Stripe's limit for most strings. */
const TEXT_MAX = 5_000

/** A string of at most `max` characters, which may be empty. */
export const text = (max: number = TEXT_MAX): Param<string> =>
  optional((value, at) => {
    if (typeof value !== 'string') throw invalid(`Invalid string: ${JSON.stringify(value)}`, at)
    if (value.length > max) {
      throw invalid(`Invalid string; must be at most ${max} characters.`, at, 'parameter_too_long')
    }
    return value
  })

/** A non-empty string. An empty id is a bug of the caller. */
export const id = (): Param<string> =>
  optional((value, at) => {
    const read = text().read(value, at)
    if (read === '') throw emptyParameter(at)
    return read
  })

/** A whole number between `min` and `max`, inclusive; by default any safe integer. */
export const integer = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) =>
  optional((value, at): number => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN
    if (!Number.isSafeInteger(number)) {
      throw invalid(`Invalid integer: ${JSON.stringify(value)}`, at, 'parameter_invalid_integer')
    }
    if (number < min) {
      throw invalid(
        `This value must be greater than or equal to ${min}.`,
        at,
        'parameter_invalid_integer',
      )
    }
    if (number > max) {
      throw invalid(
        `This value must be less than or equal to ${max}.`,
        at,
        'parameter_invalid_integer',
      )
    }
    return number
  })

/**
 * A decimal number with at most twelve decimal places, kept as a string.
 * @see https://docs.stripe.com/billing/subscriptions/decimal-amounts
 */
export const decimal = (): Param<string> =>
  optional((value, at) => {
    if (typeof value !== 'string' || !/^-?\d+(\.\d{1,12})?$/.test(value)) {
      throw invalid(`Invalid decimal: ${JSON.stringify(value)}`, at)
    }
    return value
  })

/** `true` or `false`, as Stripe spells booleans. */
export const flag = (): Param<boolean> =>
  optional((value, at) => {
    if (value !== 'true' && value !== 'false')
      throw invalid(`Invalid boolean: ${JSON.stringify(value)}`, at)
    return value === 'true'
  })

/** One of the given words. */
export const oneOf = <const Choice extends string>(...choices: readonly Choice[]): Param<Choice> =>
  optional((value, at) => {
    const found = choices.find((choice) => choice === value)
    if (found === undefined)
      throw invalid(`Invalid ${at}: must be one of ${choices.join(', ')}`, at)
    return found
  })

/** Tries two readers and uses the first that accepts the value. */
export const either = <A, B>(first: Param<A>, second: Param<B>): Param<A | B> =>
  optional((value, at) => (fits(first, value, at) ? first.read(value, at) : second.read(value, at)))

function fits(param: Param<unknown>, value: Form, at: string): boolean {
  try {
    param.read(value, at)
    return true
  } catch {
    // Only tests whether the value fits; the second reader reports the error.
    return false
  }
}

/** An empty string unsets the value. */
export const emptyable = <Value>(param: Param<Value>): Param<Value | null> =>
  optional((value, at) => (value === '' ? null : param.read(value, at)))

/** An array of at most `max` elements, 100 by default. */
export const list = <Value>(element: Param<Value>, max = 100): Param<readonly Value[]> =>
  optional((value, at) => {
    if (!Array.isArray(value)) throw invalid('Invalid array', at)
    if (value.length > max) throw invalid(`Array must have at most ${max} elements.`, at)
    return value.map((each: Form, index) => element.read(each, `${at}[${index}]`))
  })

/** A nested object with exactly these parameters; an unknown one is refused. */
export const fields = <S extends Spec>(spec: S): Param<Values<S>> =>
  optional((value, at) => {
    if (!isFields(value)) throw invalid('Invalid object', at)
    return readFields(spec, value, (name) => `${at}[${name}]`)
  })

/** At most 50 keys of up to 40 characters, with values up to 500; an empty value removes its key. */
export const metadata = (): Param<Readonly<Record<string, string>>> =>
  optional((value, at) => {
    if (value === '') return {}
    if (!isFields(value)) throw invalid('Invalid object', at)
    const entries = Object.entries(value).map(([key, each]) => {
      if (key.length > 40) throw invalid('Metadata keys can be up to 40 characters long.', at)
      return [key, text(500).read(each, `${at}[${key}]`)] as const
    })
    if (entries.length > 50) throw invalid('Metadata can have up to 50 keys.', at)
    return Object.fromEntries(entries)
  })

/** `discounts: [{coupon}]` or `[{promotion_code}]`; an empty string removes all discounts. */
export const discountClaims = () =>
  emptyable(
    list(
      fields({
        coupon: id(),
        promotion_code: id(),
        discount: id(),
        discount_end: unmodelled,
      }),
    ),
  )

/** Accepted without effect: cosmetic parameters, and those for countries and accounts. */
export const ignored: Param<undefined> = optional(() => undefined)

/** Refused: Stripe accepts it, but the simulator does not model its effect. */
export const unmodelled: Param<undefined> = optional((_value, at) => {
  throw invalid(`The Stripe simulator does not model the parameter ${at}.`, at, 'not_simulated')
})

/** A filter by a number: exactly this one, or an object with bounds. Instants are seconds since 1970. */
export const range = (): Param<Range | number> =>
  either(
    integer(0),
    fields({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }) as Param<Range>,
  )
/** The bounds of a filter: `gt` and `lt` exclusive, `gte` and `lte` inclusive. */
export type Range = Values<Record<'gt' | 'gte' | 'lt' | 'lte', Param<number>>>

/**
 * Reads all parameters of a form.
 * @param nameOf the name of a parameter in an error.
 * @throws Refusal (400) for one that is unknown, missing or invalid.
 */
export function readFields<S extends Spec>(
  spec: S,
  form: FormFields,
  nameOf: (name: string) => string = (name) => name,
): Values<S> {
  for (const name of Object.keys(form)) {
    if (Object.hasOwn(spec, name)) continue
    throw invalid(`Received unknown parameter: ${nameOf(name)}`, nameOf(name), 'parameter_unknown')
  }
  const values: Record<string, unknown> = {}
  for (const [name, param] of Object.entries(spec)) {
    const value = form[name]
    if (value !== undefined) values[name] = param.read(value, nameOf(name))
    else if (param.required) {
      throw invalid(`Missing required param: ${nameOf(name)}.`, nameOf(name), 'parameter_missing')
    }
  }
  // Each name of the specification was read by its own reader, so the type is right.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return values as Values<S>
}

/** The refusal of an empty value where a parameter cannot be unset. */
export function emptyParameter(at: string): Error {
  const message = `You passed an empty string for '${at}'. We assume empty values are an attempt to unset a parameter; however '${at}' cannot be unset.`
  return invalid(message, at, 'parameter_invalid_empty')
}

const isFields = (value: Form): value is FormFields =>
  typeof value === 'object' && !Array.isArray(value)
