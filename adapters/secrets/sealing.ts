import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256, in Galois/Counter Mode (NIST SP 800-38D): what was changed is not opened. */
const ALGORITHM = 'aes-256-gcm'
export const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** A key and the name by which what it sealed says so. */
export type NamedKey = { readonly id: string; readonly key: Buffer }

/** `bound` is no secret: what was sealed with it is opened with the same text alone, so it cannot be put elsewhere. */
type With = { readonly key: Buffer; readonly bound: string }

export function seal(plain: Uint8Array, { key, bound }: With): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(bound))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** @throws when it was sealed by another key, bound to something else, or changed since. */
export function open(sealed: Buffer, { key, bound }: With): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}
