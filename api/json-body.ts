import { isPlainText } from '../domain/text.ts'

/** No request has more levels than this. It limits the depth of every recursion over a body. */
const DEPTH_MAX = 32
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `application/json`, and UTF-8 if a charset is named: JSON has no other encoding (RFC 8259). */
const MEDIA_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-?8"?[ \t]*)?$/i

/** Whether a request's headers name a JSON body that is not compressed. */
export const isJson = (
  contentType: string | undefined,
  contentEncoding: string | undefined,
): boolean =>
  MEDIA_TYPE.test(contentType ?? '') &&
  (contentEncoding === undefined || contentEncoding.toLowerCase() === 'identity')

/** A body’s JSON, or why it cannot be read. */
export type JsonBody =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly detail: string }
  /** A text in it is not plain Unicode: the field, such as `events.0.feature`. */
  | { readonly kind: 'wrong_text'; readonly field: string }

const malformed = (detail: string): JsonBody => ({ kind: 'malformed', detail })

/** Reads a JSON body. The app and the short cuts share it, so that both accept the same bytes. */
export function readJsonBody(bytes: Uint8Array): JsonBody {
  let text: string
  try {
    text = DECODER.decode(bytes)
  } catch {
    return malformed('The body is not valid UTF-8.')
  }
  // Before parsing: a hundred thousand levels take ten milliseconds to parse, and half of one to count.
  if (isTooDeep(bytes)) return malformed(TOO_MANY_LEVELS)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return malformed('The body is not valid JSON.')
  }
  const found = findWrongText(value, [])
  if (found === undefined) return { kind: 'read', value }
  return found === TOO_DEEP
    ? malformed(TOO_MANY_LEVELS)
    : { kind: 'wrong_text', field: found.join('.') || 'body' }
}

const TOO_DEEP = 'too deep'
const TOO_MANY_LEVELS = `The body has more than ${DEPTH_MAX} levels.`

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Whether JSON in UTF-8 has more than `DEPTH_MAX` levels. Its texts do not count: they may hold any bracket. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0
  let isInText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isInText) {
      // The next byte is escaped, perhaps a quote.
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isInText = false
    } else if (byte === QUOTE) isInText = true
    else if (byte === ARRAY || byte === OBJECT) {
      depth += 1
      if (depth > DEPTH_MAX) return true
    } else if (byte === ARRAY_END || byte === OBJECT_END) depth -= 1
  }
  return false
}

/** @returns the path of the first text or name that is not plain. */
function findWrongText(
  value: unknown,
  path: readonly string[],
): readonly string[] | typeof TOO_DEEP | undefined {
  if (typeof value === 'string') return isPlainText(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= DEPTH_MAX) return TOO_DEEP
  for (const [name, each] of Object.entries(value)) {
    // A wrong name cannot be named itself.
    if (!isPlainText(name)) return path
    const found = findWrongText(each, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}
