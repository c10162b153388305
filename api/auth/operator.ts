import type { Context } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { hasScope } from './caller.ts'

/** The operator's key, or the response to a caller who is not an operator. */
export function operatorOf(c: Context<ApiEnvironment>) {
  const caller = c.get('caller')
  return hasScope(caller, 'operator')
    ? { kind: 'operator' as const, keyId: caller.keyId }
    : {
        kind: 'refused' as const,
        answer: problem(c, 'forbidden', 'This call requires an API key with the scope `operator`.'),
      }
}
