import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { open, seal, type NamedKey } from '../secrets/sealing.ts'

/** The encoding name in Temporal's samples, which its tools recognise. */
const ENCODING = 'binary/encrypted'
const KEY_ID = 'encryption-key-id'

/**
 * Encrypts payloads to Temporal and decrypts those from it: inputs, results, signals, updates and workflow details. The first
 * key encrypts, every key decrypts. Unencrypted payloads are read as they are, so encryption can be switched on while
 * subscriptions run. Search attributes are never encrypted, because the cluster searches by them.
 *
 * @see https://docs.temporal.io/payload-codec
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

/** @throws when the key is unknown, or the payload was changed */
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
