import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { open, seal, type NamedKey } from '../secrets/sealing.ts'

/** The name that Temporal's own samples use, so that its tools know such a payload. */
const ENCODING = 'binary/encrypted'
const KEY_ID = 'encryption-key-id'

/**
 * Encrypts what goes into Temporal, and decrypts what comes out: inputs, results, signals, updates, and what the card
 * shows. The first key encrypts, every key decrypts. What was written before there was a key is read as it is, so
 * encryption can be switched on while subscriptions run. Search attributes are never encrypted: the cluster looks
 * things up by them.
 */
export function createPayloadEncryption(keys: readonly NamedKey[]): PayloadCodec {
  const [current] = keys
  if (current === undefined) throw new RangeError('there is no key to encrypt with')
  const byId = new Map(keys.map(({ id, key }) => [id, key]))
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, current)),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, byId)),
  }
}

const { Payload: PayloadMessage } = proto.temporal.api.common.v1

const encrypt = (payload: Payload, { id, key }: NamedKey): Payload => ({
  metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
  data: seal(PayloadMessage.encode(payload).finish(), { key, bound: id }),
})

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
  return PayloadMessage.decode(open(Buffer.from(data ?? []), { key, bound: id }))
}

const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString()
