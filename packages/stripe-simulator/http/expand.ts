import { isRow, render, renderAdded } from '../objects/render.ts'
import type { Step } from '../store/store.ts'
import { EXPANDABLE, type Field, type ObjectName } from './expandable.ts'
import { invalid } from './refusal.ts'

/** Stripe's limit on the depth of a path. */
const DEPTH_MAX = 4
const PATHS_MAX = 50

/** A validated path: the fields to follow, starting at the returned object. */
export type Expansion = readonly { readonly at: string; readonly field: Field }[]

/** Refuses a path that the API version does not have, before the operation runs. */
export function readExpansions(
  paths: readonly string[],
  root: { readonly object: ObjectName; readonly isList: boolean },
): Expansion[] {
  if (paths.length > PATHS_MAX)
    throw invalid(`You can expand at most ${PATHS_MAX} properties.`, 'expand')
  return paths.map((path) => {
    const segments = path.split('.')
    if (root.isList && segments[0] !== 'data') throw cannotExpand(path, `data.${path}`)
    const rest = root.isList ? segments.slice(1) : segments
    const depth = segments.filter((segment) => segment !== 'data').length
    if (depth > DEPTH_MAX)
      throw invalid(`You cannot expand more than ${DEPTH_MAX} levels of a property.`, 'expand')
    return resolve(rest, root.object, path)
  })
}

function resolve(segments: readonly string[], root: ObjectName, path: string): Expansion {
  const steps: { at: string; field: Field }[] = []
  let object: ObjectName | null = root
  let rest = segments
  while (rest.length > 0) {
    const step = longestField(rest, object)
    if (step === undefined) throw cannotExpand(path)
    steps.push({ at: step.at, field: step.field })
    object = step.field.object
    rest = rest.slice(step.length)
    const isList = step.field.kind === 'added' && step.field.isList
    if (isList && rest[0] === 'data') rest = rest.slice(1)
  }
  // A path may end at an id or an addition; an object that is always present needs no expansion.
  if (steps.at(-1)?.field.kind === 'held' || steps.length === 0) throw cannotExpand(path)
  return steps
}

function longestField(segments: readonly string[], object: ObjectName | null) {
  if (object === null) return undefined
  for (let length = segments.length; length > 0; length -= 1) {
    const at = segments.slice(0, length).join('.')
    const field = EXPANDABLE[object][at]
    if (field !== undefined) return { at, field, length }
  }
  return undefined
}

function cannotExpand(path: string, hint?: string) {
  const also = hint === undefined ? '' : ` You may want to try expanding '${hint}' instead.`
  return invalid(`This property cannot be expanded (${path}).${also}`, 'expand')
}

/** Copies the returned object along the expanded paths. The stored rows do not change. */
export function expand(step: Step, body: object, expansions: readonly Expansion[]): object {
  return expansions.reduce<object>((expanded, expansion) => apply(step, expanded, expansion), body)
}

function apply(step: Step, value: object, expansion: Expansion): object {
  const [first, ...rest] = expansion
  if (first === undefined) return value
  const listed = listData(value)
  if (listed !== undefined)
    return { ...value, data: listed.map((each) => apply(step, each, expansion)) }
  const { field, at } = first
  if (field.kind === 'added') return addField(step, value, at, rest)
  return replaceAt(value, at.split('.'), (held) =>
    onEach(held, (each) => reach(step, each, field, rest)),
  )
}

function reach(step: Step, each: unknown, field: Field, rest: Expansion): unknown {
  if (typeof each === 'string' && field.kind === 'id') {
    const row = step.find(field.table, each)
    return row !== undefined && isRow(row) ? apply(step, render(step, row), rest) : each
  }
  return typeof each === 'object' && each !== null ? apply(step, each, rest) : each
}

function addField(step: Step, value: object, at: string, rest: Expansion): object {
  const existing: unknown = Reflect.get(value, at)
  const added = existing === undefined ? renderAdded(step, value, at) : existing
  const deeper = typeof added === 'object' && added !== null ? apply(step, added, rest) : added
  return { ...value, [at]: deeper }
}

function replaceAt(
  value: object,
  path: readonly string[],
  change: (held: unknown) => unknown,
): object {
  const [name, ...deeper] = path
  if (name === undefined) return value
  const held: unknown = Reflect.get(value, name)
  if (deeper.length === 0) return { ...value, [name]: change(held) }
  if (typeof held !== 'object' || held === null) return value
  return { ...value, [name]: replaceAt(held, deeper, change) }
}

const onEach = (held: unknown, change: (each: unknown) => unknown): unknown =>
  Array.isArray(held) ? held.map(change) : change(held)

function listData(value: object): object[] | undefined {
  const data: unknown = 'data' in value ? value.data : undefined
  if (!Array.isArray(data) || Reflect.get(value, 'object') !== 'list') return undefined
  return data.filter((each) => typeof each === 'object' && each !== null)
}
