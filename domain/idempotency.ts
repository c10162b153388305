export type IdempotencyRepository = {
  /** Opens the key for a request, or tells what came of it before. */
  readonly open: (
    caller: string,
    key: string,
    requestHash: string,
    at: Date,
  ) => Promise<
    /** Nothing was answered under it yet; `isRepeat` when it came before, and may be carried out already. */
    | { readonly kind: 'opened'; readonly isRepeat: boolean }
    | { readonly kind: 'reused' }
    | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  >
  readonly answer: (caller: string, key: string, status: number, body: unknown) => Promise<void>
}
