import { invalid } from './refusal.ts'

/** A decoded `application/x-www-form-urlencoded` body or query. */
export type Form = string | readonly Form[] | FormFields
/** The decoded parameters, or those of one nested object, by name. */
export type FormFields = { readonly [name: string]: Form }

/** Limits how deeply a caller can nest objects. No parameter of the API is deeper. */
const DEPTH_MAX = 10
/** The largest documented request needs fewer. */
const PAIRS_MAX = 5_000

type Branch = Map<string, Branch | string>

/** `items[0][price]=p` and `items[][price]=p` both become `{items: [{price: 'p'}]}`. */
export function decodeForm(text: string): FormFields {
  const root: Branch = new Map()
  let pairs = 0
  for (const [name, value] of new URLSearchParams(text)) {
    pairs += 1
    if (pairs > PAIRS_MAX) throw invalid('Too many parameters.')
    place(root, segmentsOf(name), value)
  }
  return fieldsOf(root)
}

function segmentsOf(name: string): string[] {
  const first = name.indexOf('[')
  if (first <= 0) return [name]
  const nested = name
    .slice(first + 1)
    .replace(/\]$/, '')
    .split('][')
  if (nested.length > DEPTH_MAX) throw invalid('Parameters are nested too deeply.', name)
  return [name.slice(0, first), ...nested]
}

function place(root: Branch, segments: readonly string[], value: string): void {
  let branch = root
  segments.forEach((segment, depth) => {
    const isLeaf = depth === segments.length - 1
    const key =
      segment === '' ? nextIndex(branch, isLeaf ? undefined : segments[depth + 1]) : segment
    if (isLeaf) {
      branch.set(key, value)
      return
    }
    const existing = branch.get(key)
    const next: Branch = existing instanceof Map ? existing : new Map()
    branch.set(key, next)
    branch = next
  })
}

/** `a[]=` appends; `a[][b]=` appends only when the last element already has a `b`. */
function nextIndex(branch: Branch, field: string | undefined): string {
  const last = branch.get(String(branch.size - 1))
  const fits = field !== undefined && last instanceof Map && !last.has(field)
  return String(fits ? branch.size - 1 : branch.size)
}

function formOf(value: Branch | string): Form {
  if (typeof value === 'string') return value
  const keys = [...value.keys()]
  const isList = keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
  if (!isList) return fieldsOf(value)
  return keys
    .map(Number)
    .sort((a, b) => a - b)
    .map((index) => formOf(value.get(String(index)) ?? ''))
}

function fieldsOf(branch: Branch): FormFields {
  // Without a prototype, a parameter named `__proto__` or `constructor` is an ordinary key.
  const fields: Record<string, Form> = Object.create(null)
  for (const [key, value] of branch) fields[key] = formOf(value)
  return fields
}
