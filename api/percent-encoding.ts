import { isPlainText } from '../domain/text.ts'

/** @returns the text of a percent-encoded one; undefined if it is not UTF-8 in percent-encoding. */
export function decoded(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

/** Whether a percent-encoded text is plain after decoding; see `isPlainText`. */
export function isPlainEncoded(encoded: string): boolean {
  const text = decoded(encoded)
  return text !== undefined && isPlainText(text)
}
