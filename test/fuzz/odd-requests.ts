import fc from 'fast-check'

type Header = readonly [string, string]
/** A change of a valid request. */
type Mutation<Part> = (part: Part) => Part

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const ODD_VALUES = fc.constantFrom(
  '',
  ' ',
  ',',
  'a, b',
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-16',
  'Application/JSON',
  'application/json,x',
  'application/problem+json',
  'text/plain',
  'Bearer bk_dev_app',
  'bearer  bk_dev_app',
  'Bearer bk_dev_read',
  'Bearer a.b.c',
  'identity',
  'gzip',
  'GZIP, identity',
  'jürgen',
  latin1('jürgen'),
  'j%C3%BCrgen',
  '%',
  '%00',
  '%ED%A0%80',
  'reservation/1',
  'k'.repeat(128),
  'k'.repeat(256),
  't=1,v1=00',
)
const NAMES = fc.constantFrom(
  'Authorization',
  'Content-Type',
  'X-User-Id',
  'Idempotency-Key',
  'X-Request-Id',
  'Content-Encoding',
  'Stripe-Signature',
  'Origin',
  'Accept',
)

/** Drops, repeats, replaces and adds headers. */
export const headerMutations: fc.Arbitrary<Mutation<readonly Header[]>> = fc
  .tuple(fc.constantFrom('drop', 'repeat', 'replace', 'add', 'shout'), NAMES, ODD_VALUES)
  .map(([kind, name, value]) => (headers) => {
    const isIt = ([each]: Header) => each.toLowerCase() === name.toLowerCase()
    switch (kind) {
      case 'drop':
        return headers.filter((each) => !isIt(each))
      case 'repeat':
        return [...headers, ...headers.filter(isIt)]
      case 'replace':
        return headers.map((each) => (isIt(each) ? ([name, value] as const) : each))
      case 'add':
        return [...headers, [name, value] as const]
      case 'shout':
        return headers.map((each) => (isIt(each) ? ([name.toUpperCase(), each[1]] as const) : each))
    }
  })

/** Values as they stand in JSON, also those that `JSON.stringify` never writes. */
const ODD_JSON = fc.oneof(
  fc.constantFrom(
    ...'null true 0 -0 1 1.0 1e0 1e999 -1e999 1e-7 0.1 01 NaN 9007199254740992 9007199254740993'.split(
      ' ',
    ),
    ...'1000000000 1000000001 [] {} "1" "" "\\u0000" "\\ud800" "\\udc00\\ud800" "\\n"'.split(' '),
    ...'"2026-11-30T00:00:00Z" "2026-02-30T00:00:00Z" "9999-12-31T23:59:59-14:00"'.split(' '),
    ...'"messages_sent" "messages_snet" "\\ud83d\\ude00"'.split(' '),
    '" "',
    '"\u0007"',
    '"\u0085"',
    '"x\u2028"',
    "'a'",
  ),
  fc.string({ unit: 'binary', maxLength: 70 }).map((text) => JSON.stringify(text)),
  fc.double().map((number) => JSON.stringify(number)),
)
const FIELDS = fc.constantFrom(
  ...'feature amount occurred_at id type created livemode data object account request'.split(' '),
  ...'colour __proto__ constructor \\u0000'.split(' '),
  '',
)
/** Bytes around or instead of a body. */
const FRAMES = fc.constantFrom<Mutation<Buffer>[]>(
  (body) => Buffer.concat([Buffer.from('\ufeff'), body]),
  (body) => Buffer.concat([body, Buffer.from(' x')]),
  (body) => Buffer.concat([body, body]),
  (body) => Buffer.concat([Buffer.from(' \n\t\r'), body, Buffer.from(' '.repeat(1_100))]),
  (body) => body.subarray(0, -1),
  (body) => Buffer.from(body.toString('latin1').replace('s', '\xff'), 'latin1'),
  (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  (body) => Buffer.from(`[${body.toString()}]`),
  () => Buffer.alloc(0),
  () => Buffer.from('['.repeat(40) + ']'.repeat(40)),
  () => Buffer.from(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`),
  () => Buffer.from('null'),
)

/** Adds or repeats a field, so that the last of two equal names counts, or changes the bytes around the body. */
export const bodyMutations: fc.Arbitrary<Mutation<Buffer>> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(FIELDS, ODD_JSON, fc.boolean()).map(added) },
  { weight: 1, arbitrary: FRAMES },
)

function added([name, value, isFirst]: readonly [string, string, boolean]): Mutation<Buffer> {
  return (body) => {
    const text = body.toString('utf8')
    return Buffer.from(
      isFirst
        ? text.replace('{', `{"${name}":${value},`)
        : text.replace(/\}$/, `,"${name}":${value}}`),
    )
  }
}

/** Most addresses are the right one, because only that one has a short cut. */
export const pathMutations: fc.Arbitrary<Mutation<string>> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((path: string) => path) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('?', '?x=1', '?%ff', '/', '//', '%00', '#', '?feature=messages_sent')
      .map((end) => (path: string) => path + end),
  },
)
