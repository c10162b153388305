import type { Child } from 'hono/jsx'
import { CallFields } from '../web/parts.tsx'
import type { SubscriptionDetails } from './details.ts'
import type { OperatorAction } from './operator-actions.ts'

/** A subscription, and the token of the operator's session. */
export type ActionsProps = { readonly details: SubscriptionDetails; readonly csrf: string }

type FormProps = ActionsProps & {
  readonly act: OperatorAction
  readonly submit: string
  readonly tone?: 'primary' | 'danger'
  readonly children?: Child
}

/** A form that calls the API for one action. */
export const ActionForm = ({ details, csrf, act, submit, tone, children }: FormProps) => (
  <form
    method="post"
    action={`/console/subscriptions/${details.subscription.id}/${act}`}
    class="fields"
  >
    <CallFields token={csrf} />
    {children}
    <div>
      <button class={`small-button ${tone ?? ''}`}>{submit}</button>
    </div>
  </form>
)

type WhenProps = { readonly id: string; readonly usual: string; readonly less: string }

/** When a change takes effect. */
export const When = ({ id, usual, less }: WhenProps) => (
  <div>
    <label for={id}>When</label>
    <select id={id} name="when">
      <option value="">{usual}</option>
      <option value="now">Now: {less} credits the unused time</option>
      <option value="period_end">At the end of the period</option>
    </select>
  </div>
)
