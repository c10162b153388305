export {
  createClient,
  type ApplicationClient,
  type ApplicationOptions,
  type UserClient,
  type UserOptions,
} from './create-client.ts'
export { isUnreachable, ProblemError, UnreachableError } from './errors.ts'
export { eachOf } from './pages.ts'
export type { Answer, RequestOf, CallOptions, Operation } from './call.ts'
export type { WhenUnreachable } from './policy.ts'
export type { RetryPolicy } from './retry.ts'
export type { SentAnswer, UnsentEvent, UnsentOptions } from './unsent.ts'
export type { Decision, UsageOptions } from './usage.ts'
export type * from './generated/types.ts'
