import { InterceptingCall, type Interceptor } from '@grpc/grpc-js'
import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type Metadata,
} from '@temporalio/client'

/**
 * A connection that does not use `AsyncLocalStorage`. The SDK's own enters a scope with each call, for the namespace and for
 * `withDeadline`. Before Node 24 the first such scope makes every later promise in the process slower: counting usage took a
 * quarter more CPU.
 */
export class UnscopedConnection extends Connection {
  /** The SDK opens a scope to name the namespace. Metadata that each call already carries needs none. */
  override async withMetadata<T>(metadata: Metadata, ask: () => Promise<T>): Promise<T> {
    const isAlreadySent = Object.entries(metadata).every(
      ([name, value]) => this.options.metadata[name] === value,
    )
    return await (isAlreadySent ? ask() : super.withMetadata(metadata, ask))
  }
}

/** The metadata with which the SDK names a namespace. */
export const namespaceMetadata = (namespace: string) => ({ 'temporal-namespace': namespace })

/** @returns interceptors that end each call after `timeoutMs`, retries included */
export const callsWithin = (timeoutMs: number): Interceptor[] => [
  (options, nextCall) =>
    new InterceptingCall(nextCall({ ...options, deadline: Date.now() + timeoutMs })),
  // The SDK adds this one itself when no interceptors are given.
  makeGrpcRetryInterceptor(defaultGrpcRetryOptions()),
]
