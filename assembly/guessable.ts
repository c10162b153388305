/** Beginnings of values in documentation and examples. */
const FROM_AN_EXAMPLE =
  /^(super-?secret|your[-_ ]|change[-_ ]?me|example|placeholder|dummy|insecure|development|todo|xxx)/i

/** A word or character, repeated: `passwordpassword`, `aaaa`. */
const REPEATED = /^(.{1,16}?)\1+.{0,15}$/

/** Random hexadecimal of 32 characters has about 14 different ones; fewer than 8 are less than one in a million. */
const DIFFERENT_CHARACTERS_MIN = 8

/** Whether an attacker would guess a secret: it comes from an example, repeats a word, or has few different characters. */
export const isGuessable = (secret: string): boolean =>
  FROM_AN_EXAMPLE.test(secret) ||
  REPEATED.test(secret) ||
  new Set(secret).size < DIFFERENT_CHARACTERS_MIN

/** Passwords that attackers try first. */
const KNOWN_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'perennial',
  'admin',
  'root',
  'secret',
])

/** Whether the password of an address is empty, well known, or the name of the user. */
export const isKnownPassword = ({ username, password }: URL): boolean =>
  KNOWN_PASSWORDS.has(password) || password === username

/** Names that public DNS never answers. @see https://www.rfc-editor.org/rfc/rfc6762#appendix-G */
const PRIVATE_NAME =
  /\.(local|localhost|internal|lan|home|corp|private|intranet|svc|cluster\.local)$/i
/** @see https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193 */
const PRIVATE_ADDRESS =
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[?(::1|f[cd][0-9a-f]{2}:))/i

/**
 * Whether a host is on this machine or a private network: a private address, a name without a dot as containers use, or
 * a name that public DNS never answers.
 */
export const isPrivateHost = (host: string): boolean =>
  PRIVATE_ADDRESS.test(host) ||
  PRIVATE_NAME.test(host) ||
  (!host.includes('.') && !host.startsWith('['))
