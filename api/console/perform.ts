import type { Context } from 'hono'
import type { ApiAnswer, Question } from '../ask.ts'
import type { Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import type { ConsoleEnvironment } from './session.ts'

/** A call of the API, as a form makes it. */
export type Call = Pick<Question, 'method' | 'path' | 'body'>

/**
 * Calls the API as the operator who is signed in. With the key of its form, submitting the same page twice is one request.
 *
 * @param userId The user for whom the operator acts, if the call is for a user.
 */
export const perform = (
  c: Context<ConsoleEnvironment>,
  { ask }: Pick<PageSetting, 'ask'>,
  call: Call,
  { form = {}, userId = null }: { readonly form?: Form; readonly userId?: string | null } = {},
): Promise<ApiAnswer> =>
  ask({
    caller: c.get('operator').callerFor(userId),
    requestId: c.get('requestId'),
    key: form['key'],
    ...call,
  })
