import type { Step } from '../store/store.ts'
import type { FormFields } from './form.ts'
import type { ObjectName } from './expandable.ts'
import { readFields, type Spec, type Values } from './params.ts'
import type { Refusal } from './refusal.ts'

/** The result of an operation: an object, or an object to keep and the refusal to return. */
export type Answer = object | { readonly refusal: Refusal }

/** One method and path of the API, and its execution. */
export type Operation = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/v1/customers/:id`; the operation receives the segments with a colon. */
  readonly path: string
  /** The type of the returned object; `expand` is validated against it. */
  readonly answers: ObjectName
  readonly isList: boolean
  /** Whether the response is the stored row, with the fields that are otherwise hidden. */
  readonly asIs: boolean
  /** Validates the parameters immediately; the returned function executes the operation. */
  readonly prepare: (form: FormFields) => (step: Step, ids: Ids) => Answer
}

/** The variable segments of a path, by their names without the colon. */
export type Ids = Readonly<Record<string, string>>

const METHODS = ['GET', 'POST', 'DELETE'] as const
/** A method and a path, such as `GET /v1/customers/:id`. */
export type Route = `${Operation['method']} /v1/${string}`

type Definition<S extends Spec> = {
  readonly answers: ObjectName
  readonly isList?: boolean
  readonly asIs?: boolean
  readonly params: S
  readonly run: (step: Step, call: { readonly ids: Ids; readonly params: Values<S> }) => Answer
}

/** `operation('POST /v1/customers', {…})`. */
export function operation<S extends Spec>(
  route: Route,
  { answers, isList = false, asIs = false, params, run }: Definition<S>,
): Operation {
  const space = route.indexOf(' ')
  return {
    method: METHODS.find((method) => route.startsWith(method)) ?? 'GET',
    path: route.slice(space + 1),
    answers,
    isList,
    asIs,
    prepare(form) {
      const values = readFields(params, form)
      return (step, ids) => run(step, { ids, params: values })
    },
  }
}
