import { Client, Connection } from '@temporalio/client'
import type { DataConverter, Payload } from '@temporalio/common'
import type { NamedKey } from '../sealing.ts'
import { createPayloadEncryption } from './payload-encryption.ts'

/** A cluster that is up answers at once; one that is not is asked again with each request. */
const CONNECT_TIMEOUT_MS = 2_000

/**
 * How long gRPC waits before it connects again. By itself it waits up to two minutes after a longer outage, in which a
 * cluster that has long been back would still be away for us.
 */
const RECONNECT_MIN_MS = 200
const RECONNECT_MAX_MS = 2_000

export type TemporalAddress = {
  readonly address: string
  readonly namespace: string
  /** None: what is in Temporal can be read there. */
  readonly payloadKeys?: readonly NamedKey[]
}

export type TemporalClient = {
  readonly client: Client
  /** How everybody who speaks to this cluster writes and reads payloads. */
  readonly dataConverter: DataConverter
  /** Payloads as they were before they were encrypted. */
  readonly decrypt: (payloads: Payload[]) => Promise<Payload[]>
  /** Resolves when the cluster answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  /** The search attributes of the namespace, beside Temporal's own. Rejects when there is no such namespace. */
  readonly searchAttributes: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** Connects on first use, so that the API starts and takes webhooks in while Temporal is away. */
export function createTemporalClient({
  address,
  namespace,
  payloadKeys = [],
}: TemporalAddress): TemporalClient {
  const codec = payloadKeys.length > 0 ? createPayloadEncryption(payloadKeys) : undefined
  const dataConverter: DataConverter = codec ? { payloadCodecs: [codec] } : {}
  const connection = Connection.lazy({
    address,
    connectTimeout: CONNECT_TIMEOUT_MS,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MIN_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
    },
  })
  return {
    client: new Client({ connection, namespace, dataConverter }),
    dataConverter,
    decrypt: async (payloads) => codec?.decode(payloads) ?? payloads,
    ping: () =>
      connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, async () => {
        await connection.workflowService.getSystemInfo({})
      }),
    searchAttributes: async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace,
      })
      return Object.keys(customAttributes)
    },
    close: () => connection.close(),
  }
}
