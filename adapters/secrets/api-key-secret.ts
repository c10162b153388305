import { hash, randomBytes } from 'node:crypto'

/** Too many possibilities to guess. */
const SECRET_BYTES = 32
const PREFIX_CHARACTERS = 10

/** @returns a new API key, to be shown once, and the prefix and hash that are stored */
export function newApiKey() {
  const key = `bk_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { key, prefix: prefixOfKey(key), hash: hashOfKey(key) }
}

/** @returns the start of a key: enough to recognise it, too little to guess it */
export const prefixOfKey = (key: string) => key.slice(0, PREFIX_CHARACTERS)

/** Keys are looked up by their hash, so the response time reveals nothing about a guess. */
export const hashOfKey = (key: string) => hash('sha256', key)
