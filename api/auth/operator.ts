import type { Context } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

/** The key of the operator who asks; or the answer that says what is missing. */
export function operatorOf(c: Context<ApiEnvironment>) {
  const { scopes, keyId } = c.get('caller')
  return scopes.includes('operator')
    ? { kind: 'operator' as const, keyId }
    : {
        kind: 'refused' as const,
        answer: problem(c, 'forbidden', 'This needs a key with the scope `operator`.'),
      }
}
