import type { Step } from '../store/store.ts'
import type { FormFields } from './form.ts'
import type { ObjectName } from './expandable.ts'
import { readFields, type Spec, type Values } from './params.ts'
import type { Refusal } from './refusal.ts'

/** What an operation answers: an object, or the object and the refusal that goes to the caller instead. */
export type Answer = object | { readonly refusal: Refusal }

export type Operation = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/v1/customers/:id`; a segment with a colon is handed to the operation. */
  readonly path: string
  /** The kind of object answered, against which `expand` is checked. */
  readonly answers: ObjectName
  readonly isList: boolean
  /** Whether the row is answered as it is kept, with what is otherwise left out. */
  readonly asIs: boolean
  /** Checks the parameters at once; what it returns carries the operation out. */
  readonly prepare: (form: FormFields) => (step: Step, ids: Ids) => Answer
}

export type Ids = Readonly<Record<string, string>>

const METHODS = ['GET', 'POST', 'DELETE'] as const
type Route = `${Operation['method']} /v1/${string}`

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
