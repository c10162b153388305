import { isRow, render } from '../objects/render.ts'
import type { Step, Walk } from '../store/store.ts'
import type { TableName, Tables } from '../store/tables.ts'
import { id, integer, type Range } from './params.ts'
import { missing, invalid } from './refusal.ts'

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100

/** The parameters that every list has; `limit` is 1 to 100. @see https://docs.stripe.com/api/pagination */
export const paging = {
  limit: integer(1, LIMIT_MAX),
  starting_after: id(),
  ending_before: id(),
} as const

/** The values of these parameters; the cursors are ids of objects. */
export type Paging = {
  readonly limit: number | undefined
  readonly starting_after: string | undefined
  readonly ending_before: string | undefined
}

type Query<Name extends TableName> = {
  readonly url: string
  readonly noun: string
  readonly table: Name
  readonly walk?: Walk | undefined
  readonly params: Paging
  readonly where: (row: Tables[Name]) => boolean
}

/** A page, newest first; `ending_before` returns the page directly before (newer than) its id. */
export function listPage<Name extends TableName>(step: Step, query: Query<Name>): object {
  const { limit = LIMIT_DEFAULT, starting_after: after, ending_before: until } = query.params
  if (after !== undefined && until !== undefined) {
    throw invalid('You can only use one of starting_after and ending_before.', 'starting_after')
  }
  const from = positionOf(step, query, 'starting_after', after)
  const to = positionOf(step, query, 'ending_before', until)
  const page: Tables[Name][] = []
  let hasMore = false
  for (const row of step.rows(query.table, query.walk)) {
    const position = step.positionOf(query.table, row.id) ?? 0
    if (position <= (to ?? -1)) {
      // A whole table is in order; a row may receive its secondary key later than others.
      if (query.walk === undefined) break
      continue
    }
    if (position >= (from ?? Number.POSITIVE_INFINITY) || !query.where(row)) continue
    if (page.length === limit && until === undefined) {
      hasMore = true
      break
    }
    page.push(row)
    // Iterating from the newest row, the wanted page is the last one before the cursor.
    if (page.length > limit) hasMore = page.shift() !== undefined
  }
  const data = page.map((row) => (isRow(row) ? render(step, row) : row))
  return { object: 'list', data, has_more: hasMore, url: query.url }
}

function positionOf<Name extends TableName>(
  step: Step,
  { table, noun }: Query<Name>,
  param: string,
  cursor: string | undefined,
): number | undefined {
  if (cursor === undefined) return undefined
  const position = step.positionOf(table, cursor)
  if (position === undefined) throw missing(noun, cursor, param, 'param')
  return position
}

/** Whether a value is in the range, or equal to the number. Without a range, every value is. */
export function within(range: Range | number | undefined, value: number): boolean {
  if (range === undefined) return true
  if (typeof range === 'number') return value === range
  return (
    value > (range.gt ?? -Infinity) &&
    value >= (range.gte ?? -Infinity) &&
    value < (range.lt ?? Infinity) &&
    value <= (range.lte ?? Infinity)
  )
}
