import { isUserId, USER_ID_MAX_CHARACTERS } from '../../domain/ids.ts'
import { isOneLine } from '../../domain/text.ts'
import { decoded } from '../percent-encoding.ts'

const ASCII = /^[\x20-\x7e]+$/

/** The rule of the header `X-User-Id`, for its error and the OpenAPI document. */
export const USER_ID_RULE = `1 to ${USER_ID_MAX_CHARACTERS} characters, in ASCII or percent-encoded UTF-8`

/** The header in the OpenAPI document, so that generated clients can name a user. */
export const USER_ID_PARAMETER = {
  name: 'X-User-Id',
  in: 'header',
  description: `The user for whom an application acts: ${USER_ID_RULE} (a \`%\` is \`%25\`). Required with an API key; a user’s token names its user itself.`,
  schema: { type: 'string', minLength: 1, pattern: '^[\\x20-\\x7e]+$' },
} as const

/**
 * The user id in a header `X-User-Id`: ASCII, or UTF-8 in percent-encoding, in which `%` is `%25`. A header has no encoding
 * of its own, so other bytes would be read as other characters: another user.
 *
 * @returns undefined if the header is not valid.
 */
export function userIdOfHeader(header: string): string | undefined {
  if (!ASCII.test(header)) return undefined
  const id = header.includes('%') ? decoded(header) : header
  return id !== undefined && isUserId(id) && isOneLine(id) ? id : undefined
}
