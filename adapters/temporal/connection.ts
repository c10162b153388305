import { Client, type Connection, type ConnectionOptions, type TLSConfig } from '@temporalio/client'
import type { DataConverter, Payload } from '@temporalio/common'
import type { NamedKey } from '../secrets/sealing.ts'
import { whyNoTls } from './handshake.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createPayloadEncryption } from './payload-encryption.ts'
import { callsWithin, namespaceMetadata, UnscopedConnection } from './unscoped-calls.ts'

/** A cluster that is up answers at once; one that is not is asked again with each request. */
const CONNECT_TIMEOUT_MS = 2_000

/** Callers wait this long for a worker; then they are told to come back, and the same key gets them the answer. */
export const ANSWER_TIMEOUT_MS = 10_000

/**
 * How long gRPC waits before it connects again. By itself it waits up to two minutes after a longer outage, in which a
 * cluster that has long been back would still be away for us.
 */
const RECONNECT_MIN_MS = 200
const RECONNECT_MAX_MS = 2_000

/** Where a cluster is and how one gets in: what a client and a worker connect with. */
export type TemporalEntrance = {
  readonly address: string
  /** Undefined or false: plain, as on a network of one's own. */
  readonly tls?: TLSConfig | boolean | undefined
  readonly apiKey?: string | undefined
  /** Headers of each request. */
  readonly metadata?: ConnectionOptions['metadata']
}

export type TemporalAddress = TemporalEntrance & {
  readonly namespace: string
  /** None: what is in Temporal can be read there. */
  readonly payloadKeys?: readonly NamedKey[]
  readonly telemetry?: Telemetry | undefined
}

export type TemporalClient = {
  /** Waits for as long as it takes: for a result, or for a list to its end. */
  readonly client: Client
  /** Gives up each call after `ANSWER_TIMEOUT_MS`: for what somebody waits for. */
  readonly promptClient: Client
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

/** The options of the SDK's connections, a client's and a worker's. */
export const entranceOptions = ({ address, tls, apiKey, metadata }: TemporalEntrance) => ({
  address,
  ...(tls !== undefined && { tls }),
  ...(apiKey !== undefined && { apiKey }),
  ...(metadata !== undefined && { metadata }),
})

/** Runs what connects. @throws in words that name the variable, when it is TLS that does not come about. */
export async function explained<T>(entrance: TemporalEntrance, connect: () => Promise<T>) {
  try {
    return await connect()
  } catch (cause) {
    const why = await whyNoTls(entrance.address, entrance.tls ?? entrance.apiKey !== undefined)
    throw why === undefined ? cause : new Error(why, { cause })
  }
}

/** Connects on first use, so that the API starts and takes webhooks in while Temporal is away. */
export function createTemporalClient({
  namespace,
  payloadKeys = [],
  telemetry,
  ...entrance
}: TemporalAddress): TemporalClient {
  const codec = payloadKeys.length > 0 ? createPayloadEncryption(payloadKeys) : undefined
  const dataConverter: DataConverter = codec ? { payloadCodecs: [codec] } : {}
  const connect = (callTimeoutMs?: number) =>
    UnscopedConnection.lazy({
      ...entranceOptions(entrance),
      metadata: { ...entrance.metadata, ...namespaceMetadata(namespace) },
      connectTimeout: CONNECT_TIMEOUT_MS,
      channelArgs: {
        'grpc.initial_reconnect_backoff_ms': RECONNECT_MIN_MS,
        'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
      },
      ...(callTimeoutMs !== undefined && { interceptors: callsWithin(callTimeoutMs) }),
    })
  // They share one TCP connection, as gRPC pools what goes to the same place.
  const [patient, prompt, glance] = [
    connect(),
    connect(ANSWER_TIMEOUT_MS),
    connect(CONNECT_TIMEOUT_MS),
  ]
  const clientOver = (connection: Connection) =>
    new Client({
      connection,
      namespace,
      dataConverter,
      ...(telemetry && { interceptors: telemetry.temporal.client }),
    })
  return {
    client: clientOver(patient),
    promptClient: clientOver(prompt),
    dataConverter,
    decrypt: async (payloads) => codec?.decode(payloads) ?? payloads,
    ping: () =>
      explained(entrance, async () => {
        await glance.workflowService.getSystemInfo({})
      }),
    searchAttributes: async () => {
      const { customAttributes } = await glance.operatorService.listSearchAttributes({ namespace })
      return Object.keys(customAttributes)
    },
    close: async () => {
      await Promise.all([patient, prompt, glance].map((connection) => connection.close()))
    },
  }
}
