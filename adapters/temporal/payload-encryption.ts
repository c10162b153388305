import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'

/** AES-256, in Galois/Counter Mode (NIST SP 800-38D): a payload that was changed is not decrypted. */
const ALGORITHM = 'aes-256-gcm'
export const PAYLOAD_KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** The name that Temporal's own samples use, so that its tools know such a payload. */
const ENCODING = 'binary/encrypted'
const KEY_ID = 'encryption-key-id'

/** A key and the name by which a payload says that it is its own. */
export type PayloadKey = { readonly id: string; readonly key: Buffer }

/**
 * Encrypts what goes into Temporal, and decrypts what comes out: inputs, results, signals, updates, and what the card
 * shows. The first key encrypts, every key decrypts. What was written before there was a key is read as it is, so
 * encryption can be switched on while subscriptions run. Search attributes are never encrypted: the cluster looks
 * things up by them.
 */
export function createPayloadEncryption(keys: readonly PayloadKey[]): PayloadCodec {
  const [current] = keys
  if (current === undefined) throw new RangeError('there is no key to encrypt with')
  const byId = new Map(keys.map(({ id, key }) => [id, key]))
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, current)),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, byId)),
  }
}

const { Payload: PayloadMessage } = proto.temporal.api.common.v1

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(id))
  const plain = PayloadMessage.encode(payload).finish()
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
  }
}

/** @throws when its key is unknown, or it was changed since it was written. */
function decrypt(payload: Payload, keys: ReadonlyMap<string, Buffer>): Payload {
  const { metadata, data } = payload
  if (textOf(metadata?.[METADATA_ENCODING_KEY]) !== ENCODING) return payload
  const id = textOf(metadata?.[KEY_ID])
  const key = keys.get(id)
  if (key === undefined)
    throw new RangeError(
      `a payload was encrypted with the key "${id}", which TEMPORAL_PAYLOAD_KEYS does not have`,
    )
  const sealed = Buffer.from(data ?? [])
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  const plain = [decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]
  return PayloadMessage.decode(Buffer.concat(plain))
}

const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString()
