import { createHmac, hash, randomBytes } from 'node:crypto'

/** Too many possibilities to guess. */
const SECRET_BYTES = 32
const PREFIX_CHARACTERS = 10

/** @returns a new API key, to be shown once, and the prefix and hash that are stored */
export const newApiKey = () => shown(randomBytes(SECRET_BYTES))

/**
 * The same key for the same request, so that a repeat can show it again although only its hash is stored. It needs the
 * operator's own key, which is stored nowhere either.
 *
 * @param id the id of the new key
 */
export const derivedApiKey = (operatorKey: string, id: string) =>
  shown(createHmac('sha256', operatorKey).update(`perennial/api-key/${id}`).digest())

function shown(secret: Buffer) {
  const key = `bk_${secret.toString('base64url')}`
  return { key, prefix: prefixOfKey(key), hash: hashOfKey(key) }
}

/** @returns the start of a key: enough to recognise it, too little to guess it */
export const prefixOfKey = (key: string) => key.slice(0, PREFIX_CHARACTERS)

/** Keys are looked up by their hash, so the response time reveals nothing about a guess. */
export const hashOfKey = (key: string) => hash('sha256', key)
