import { InterceptingCall, type Interceptor } from '@grpc/grpc-js'
import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type Metadata,
} from '@temporalio/client'

/**
 * A connection of the SDK that keeps nothing in `AsyncLocalStorage`. The SDK's own enters one with each call, for the
 * namespace and for `withDeadline`. Before Node 24 the first use of one makes each promise of the process dearer, for
 * good: counting usage took a quarter more CPU.
 */
export class UnscopedConnection extends Connection {
  /** What goes with each call of this connection anyway needs no scope; the SDK asks for one to name the namespace. */
  override async withMetadata<T>(metadata: Metadata, ask: () => Promise<T>): Promise<T> {
    const goesAnyway = Object.entries(metadata).every(
      ([name, value]) => this.options.metadata[name] === value,
    )
    return await (goesAnyway ? ask() : super.withMetadata(metadata, ask))
  }
}

/** The metadata by which the SDK names a namespace. */
export const namespaceMetadata = (namespace: string) => ({ 'temporal-namespace': namespace })

/** What a connection does to each of its calls: it ends after this time, however often it was tried again meanwhile. */
export const callsWithin = (timeoutMs: number): Interceptor[] => [
  (options, nextCall) =>
    new InterceptingCall(nextCall({ ...options, deadline: Date.now() + timeoutMs })),
  // What the SDK adds by itself where no interceptors are given.
  makeGrpcRetryInterceptor(defaultGrpcRetryOptions()),
]
