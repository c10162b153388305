/** The answers of earlier requests, by caller and idempotency key. */
export type IdempotencyRepository = {
  /** Claims the key for a request, or returns its earlier answer. */
  readonly open: (
    caller: string,
    key: string,
    requestHash: string,
    at: Date,
  ) => Promise<
    /** `isRepeat`: the key was seen before without an answer, so the request may already have taken effect. */
    | { readonly kind: 'opened'; readonly isRepeat: boolean }
    /** The key was used with another body. */
    | { readonly kind: 'reused' }
    | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  >
  readonly answer: (caller: string, key: string, status: number, body: unknown) => Promise<void>
}
