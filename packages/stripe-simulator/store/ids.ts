import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** As long as Stripe's: 24 characters after the prefix cannot be guessed and do not repeat. */
const LENGTH = 24

/** An unguessable id such as `sub_…`. @param length the number of characters after the underscore. */
export function newId(prefix: string, length: number = LENGTH): string {
  const bytes = randomBytes(length)
  let id = `${prefix}_`
  for (const byte of bytes) id += ALPHABET[byte % ALPHABET.length]
  return id
}
