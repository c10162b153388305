import type { Step } from '../store/store.ts'
import type { TableName, Tables } from '../store/tables.ts'
import type { ObjectName } from './expandable.ts'
import { operation, type Ids, type Operation, type Route } from './operation.ts'
import { missing } from './refusal.ts'

type Source<Name extends TableName> = {
  readonly table: Name
  /** The type's name in Stripe's message: "No such coupon: 'x'". */
  readonly noun: string
  /** The `param` of the error. */
  readonly param?: string
}

/** The row that a path names. An unknown id is a 404. */
export function rowByPath<Name extends TableName>(
  step: Step,
  { table, noun, param = 'id' }: Source<Name>,
  ids: Ids,
): Tables[Name] {
  const id = ids['id'] ?? ''
  const row = step.find(table, id)
  if (row === undefined) throw missing(noun, id, param, 'path')
  return row
}

/** `GET /v1/refunds/:id`: one row by its id. */
export const retrieval = <Name extends TableName>(
  route: Route,
  { answers, ...source }: Source<Name> & { readonly answers: ObjectName },
): Operation =>
  operation(route, {
    answers,
    params: {},
    run: (step, { ids }) => rowByPath(step, source, ids),
  })
