import { Client, type Connection, type ConnectionOptions, type TLSConfig } from '@temporalio/client'
import type { DataConverter, Payload } from '@temporalio/common'
import type { NamedKey } from '../secrets/sealing.ts'
import { diagnoseTls } from './handshake.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createPayloadEncryption } from './payload-encryption.ts'
import { callsWithin, namespaceMetadata, UnscopedConnection } from './unscoped-calls.ts'

/** A running cluster answers within milliseconds. Each later request tries to connect again. */
const CONNECT_TIMEOUT_MS = 2_000

/** How long a caller waits for a worker. After that the API replies 503, and a repeat with the same key gets the result. */
export const ANSWER_TIMEOUT_MS = 10_000

/**
 * The bounds of gRPC's wait before it reconnects. By default it waits up to two minutes after a long outage, although the
 * cluster may be back much earlier.
 */
const RECONNECT_MIN_MS = 200
const RECONNECT_MAX_MS = 2_000

/** The address of a cluster and how to authenticate there, for clients and workers. */
export type TemporalEndpoint = {
  readonly address: string
  /** Undefined or false: without TLS, for a private network. */
  readonly tls?: TLSConfig | boolean | undefined
  readonly apiKey?: string | undefined
  /** The headers of each request. */
  readonly metadata?: ConnectionOptions['metadata']
}

/** A namespace of a cluster, and how its payloads are encrypted. */
export type TemporalAddress = TemporalEndpoint & {
  readonly namespace: string
  /** The keys that encrypt payloads. Without any, payloads are readable in Temporal. */
  readonly payloadKeys?: readonly NamedKey[]
  readonly telemetry?: Telemetry | undefined
}

/** A connection to a namespace, shared by all requests of a process. */
export type TemporalClient = {
  /** Waits without a limit: for a result, or for the end of a list. */
  readonly client: Client
  /** Ends each call after `ANSWER_TIMEOUT_MS`, for requests with a waiting caller. */
  readonly promptClient: Client
  /** How all clients and workers of this cluster write and read payloads. */
  readonly dataConverter: DataConverter
  /** @returns the payloads as they were before encryption */
  readonly decrypt: (payloads: Payload[]) => Promise<Payload[]>
  /** Resolves when the cluster answers. @throws when it does not */
  readonly ping: () => Promise<void>
  /** @returns the namespace's own search attributes @throws when the namespace does not exist */
  readonly searchAttributes: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** @returns the SDK's connection options, for a client or a worker */
export const endpointOptions = ({ address, tls, apiKey, metadata }: TemporalEndpoint) => ({
  address,
  ...(tls !== undefined && { tls }),
  ...(apiKey !== undefined && { apiKey }),
  ...(metadata !== undefined && { metadata }),
})

/** Connects. @throws an error that names the environment variable to change, when the TLS handshake fails */
export async function withTlsDiagnosis<T>(endpoint: TemporalEndpoint, connect: () => Promise<T>) {
  try {
    return await connect()
  } catch (cause) {
    const problem = await diagnoseTls(
      endpoint.address,
      endpoint.tls ?? endpoint.apiKey !== undefined,
    )
    throw problem === undefined ? cause : new Error(problem, { cause })
  }
}

/** Connects on first use, so the API starts and receives webhooks while Temporal is unavailable. */
export function createTemporalClient({
  namespace,
  payloadKeys = [],
  telemetry,
  ...endpoint
}: TemporalAddress): TemporalClient {
  const codec = payloadKeys.length > 0 ? createPayloadEncryption(payloadKeys) : undefined
  const dataConverter: DataConverter = codec ? { payloadCodecs: [codec] } : {}
  const connect = (callTimeoutMs?: number) =>
    UnscopedConnection.lazy({
      ...endpointOptions(endpoint),
      metadata: { ...endpoint.metadata, ...namespaceMetadata(namespace) },
      connectTimeout: CONNECT_TIMEOUT_MS,
      channelArgs: {
        'grpc.initial_reconnect_backoff_ms': RECONNECT_MIN_MS,
        'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
      },
      ...(callTimeoutMs !== undefined && { interceptors: callsWithin(callTimeoutMs) }),
    })
  // They share one TCP connection, because gRPC pools connections to the same address.
  const [patient, prompt, probe] = [
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
      withTlsDiagnosis(endpoint, async () => {
        await probe.workflowService.getSystemInfo({})
      }),
    searchAttributes: async () => {
      const { customAttributes } = await probe.operatorService.listSearchAttributes({ namespace })
      return Object.keys(customAttributes)
    },
    close: async () => {
      await Promise.all([patient, prompt, probe].map((connection) => connection.close()))
    },
  }
}
