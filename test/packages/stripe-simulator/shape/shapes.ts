import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stripe } from 'stripe'

/**
 * The type of a value on the wire, from the SDK's declarations. `entity` is an object with its own
 * `object` name, checked by that name; `plain` one without, checked by its declaration.
 */
export type Kind =
  | { readonly is: 'null' | 'string' | 'number' | 'boolean' | 'anything' }
  | { readonly is: 'literal'; readonly value: string | number | boolean }
  | { readonly is: 'list'; readonly of: readonly Kind[] }
  | { readonly is: 'map'; readonly of: readonly Kind[] }
  | { readonly is: 'entity' }
  | { readonly is: 'plain'; readonly name: string }

export type Field = { readonly optional: boolean; readonly kinds: readonly Kind[] }
export type Shape = Readonly<Record<string, Field>>

export type Shapes = {
  /** By `object` name. */
  readonly entities: Readonly<Record<string, Shape>>
  /** By declared name. */
  readonly plain: Readonly<Record<string, Shape>>
}

/** Cached per SDK version and machine, because the compiler takes seconds. The last figure counts changes of the list of entities. */
const CACHE = join(tmpdir(), `perennial-stripe-shapes-${Stripe.PACKAGE_VERSION}-2.json`)

let known: Promise<Shapes> | undefined

export function stripeShapes(): Promise<Shapes> {
  known ??= read()
  return known
}

async function read(): Promise<Shapes> {
  if (existsSync(CACHE)) return JSON.parse(readFileSync(CACHE, 'utf8'))
  const { readDeclarations } = await import('./declarations.ts')
  const shapes = readDeclarations()
  const own = `${CACHE}.${process.pid}`
  writeFileSync(own, JSON.stringify(shapes))
  renameSync(own, CACHE)
  return shapes
}
