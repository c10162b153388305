import fc from 'fast-check'
import type { Document, Operation, Schema } from './document.ts'

/** Values that no caller should send. */
const NASTY = fc.constantFrom<unknown>(
  null,
  '',
  '\0',
  'a\0b',
  '\ud800',
  "' or 1=1 --",
  '../../etc/passwd',
  '{{7*7}}',
  '<script>',
  'x'.repeat(3_000),
  -1,
  0,
  1.5,
  Number.MAX_SAFE_INTEGER,
  1e300,
  [],
  {},
  true,
  '9999-12-31T23:59:59-14:00',
  '0000-01-01T00:00:00Z',
)
/** One in this many values does not follow the document. */
const NASTY_ONE_IN = 12

export type GivenRequest = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Existing values, so that not every request ends with `not_found`. */
export type Known = Readonly<Record<string, readonly string[]>>

/** Requests of an operation. Most follow the document, some do not. */
export function requestsOf(
  document: Document,
  operation: Operation,
  known: Known,
): fc.Arbitrary<GivenRequest> {
  const values = (schema: Schema, name: string) => valuesOf({ document, known }, schema, name)
  const parameters = operation.parameters.map((parameter) => ({
    ...parameter,
    values: values(parameter.schema, parameter.name),
  }))
  const schema = operation.requestBody?.content['application/json'].schema
  const given = parameters.map((parameter) =>
    parameter.required ? parameter.values : fc.option(parameter.values, { nil: undefined }),
  )
  const bodies = schema === undefined ? fc.constant(undefined) : values(schema, '')
  return fc.tuple(fc.tuple(...given), bodies).map(([chosen, body]) => {
    const of = (place: string) =>
      parameters.flatMap(({ name, in: where }, index) => {
        const value = chosen[index]
        return where === place && value !== undefined ? [[name, textOf(value)] as const] : []
      })
    const path = of('path').reduce(
      // An empty parameter would change the path.
      (whole, [name, value]) => whole.replace(`{${name}}`, encode(value) || '0'),
      operation.path,
    )
    const query = of('query').map(([name, value]) => `${name}=${encode(value)}`)
    return {
      path: query.length > 0 ? `${path}?${query.join('&')}` : path,
      // The client refuses other characters.
      headers: Object.fromEntries(of('header').filter(([, value]) => /^[\x21-\x7e]+$/.test(value))),
      body: body === undefined ? undefined : JSON.stringify(body),
    }
  })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
/** A URL cannot contain half a surrogate pair. */
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''))

type Source = { readonly document: Document; readonly known: Known }

function valuesOf(source: Source, schema: Schema, name: string): fc.Arbitrary<unknown> {
  const found = source.known[name]
  const plain = plainValuesOf(source, schema)
  const arbitraries = [
    { arbitrary: plain, weight: NASTY_ONE_IN - 1 },
    { arbitrary: NASTY, weight: 1 },
    ...(found ? [{ arbitrary: fc.constantFrom(...found), weight: 2 * NASTY_ONE_IN }] : []),
  ]
  return fc.oneof(...arbitraries)
}

function plainValuesOf(source: Source, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    const target = source.document.components.schemas[name]
    if (target === undefined) throw new Error(`the document has no ${schema.$ref}`)
    return plainValuesOf(source, target)
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((each) => plainValuesOf(source, each)))
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'object']
  return fc.oneof(...types.map((type) => ofType(source, schema, type)))
}

function ofType(source: Source, schema: Schema, type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
    case 'number':
      return fc.integer({ min: clamp(schema.minimum ?? -10), max: clamp(schema.maximum ?? 1_000) })
    case 'string':
      return texts(schema)
    case 'array':
      return fc.array(valuesOf(source, schema.items ?? {}, ''), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    default:
      return objects(source, schema)
  }
}

/** fast-check supports 32-bit integers. */
const clamp = (value: number) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value))

function texts({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'email') return fc.emailAddress()
  if (format === 'uri') return fc.webUrl()
  if (format === 'date-time')
    return fc
      .oneof(instants(new Date(0), new Date('2200-01-01')), instants(...NEXT_MONTHS))
      .map((at) => at.toISOString())
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 300) })
}

const instants = (min: Date, max: Date) => fc.date({ min, max, noInvalidDate: true })
/** The range of most requests. */
const NEXT_MONTHS = [
  new Date(Date.now() + 3_600_000),
  new Date(Date.now() + 90 * 86_400_000),
] as const

function objects(source: Source, { properties = {}, required = [] }: Schema) {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, valuesOf(source, each, name)]),
  )
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) })
}
