import { hash, randomBytes } from 'node:crypto'

/** Enough that nobody finds one by trying. */
const SECRET_BYTES = 32
const PREFIX_CHARACTERS = 10

/** A new key: what its owner is shown once, and what is kept of it. */
export function newApiKey() {
  const key = `bk_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { key, prefix: prefixOfKey(key), hash: hashOfKey(key) }
}

/** What may be shown of a key: enough to tell it apart, nothing to guess from. */
export const prefixOfKey = (key: string) => key.slice(0, PREFIX_CHARACTERS)

/** Keys are looked up by it as a whole, so an answer's time tells nothing of how much of a guess was right. */
export const hashOfKey = (key: string) => hash('sha256', key)
