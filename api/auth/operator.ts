import type { Context } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { hasScope } from './caller.ts'

/** The key of the operator who asks; or the answer that says what is missing. */
export function operatorOf(c: Context<ApiEnvironment>) {
  const caller = c.get('caller')
  return hasScope(caller, 'operator')
    ? { kind: 'operator' as const, keyId: caller.keyId }
    : {
        kind: 'refused' as const,
        answer: problem(c, 'forbidden', 'This needs a key with the scope `operator`.'),
      }
}
