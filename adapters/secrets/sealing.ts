import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256-GCM detects every change to sealed data. @see NIST SP 800-38D */
const ALGORITHM = 'aes-256-gcm'
/** The length of a key: 256 bits. */
export const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** A key and its name, which sealed data carries. */
export type NamedKey = { readonly id: string; readonly key: Buffer }

/** `bound` is a public text. Opening needs the same one, so sealed data cannot be moved to another place. */
type With = { readonly key: Buffer; readonly bound: string }

/** @returns the encrypted data, with its random nonce */
export function seal(plain: Uint8Array, { key, bound }: With): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(bound))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** @throws when the data was sealed with another key or another `bound`, or was changed */
export function open(sealed: Buffer, { key, bound }: With): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}
