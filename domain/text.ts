/** NUL: Postgres rejects it. A lone surrogate has no UTF-8: it would be stored as another character, and `encodeURIComponent` throws. */
const WELL_FORMED = /^[^\0\p{Surrogate}]*$/u
/** Control characters but tab and line breaks: what is neither something else nor one of these. */
const CONTROL = /[^\P{Cc}\t\n\r]/u
/** Every control character, and the two line separators of Unicode: each could begin a new line of a header or an e-mail. */
const CONTROL_OR_BREAK = /[\p{Cc}\u2028\u2029]/u

/** @returns true if the text can be written as UTF-8 and stored by Postgres without a change. */
export const isWellFormed = (text: string): boolean => WELL_FORMED.test(text)

/**
 * The check for every text from outside, before it reaches Postgres, Stripe, Temporal, a mail server or a header.
 *
 * @returns true for well-formed Unicode without control characters, except tabs and line breaks.
 */
export const isPlainText = (text: string): boolean => isWellFormed(text) && !CONTROL.test(text)

/** The check for a text that becomes part of a header or a line of an e-mail. @returns true for plain text in one line. */
export const isOneLine = (text: string): boolean =>
  isWellFormed(text) && !CONTROL_OR_BREAK.test(text)

/** The error of a text that `isPlainText` refuses. */
export const NOT_PLAIN_TEXT = 'must be Unicode text without NUL, half characters and control codes'
/** The error of a text that `isOneLine` refuses. */
export const NOT_ONE_LINE = 'must be one line of Unicode text without control codes'

/** The longest address that a mail server accepts (RFC 5321). */
export const EMAIL_MAX_CHARACTERS = 254
/** One `@`, and no character that separates addresses or parts of a header: a second address would get the letters too. */
const ONE_ADDRESS = /^[^\s@,;:<>()[\]\\"]+@[^\s@,;:<>()[\]\\"]+$/

/** @returns true for one e-mail address, without a name. */
export const isEmailAddress = (text: string): boolean =>
  text.length <= EMAIL_MAX_CHARACTERS && isOneLine(text) && ONE_ADDRESS.test(text)
