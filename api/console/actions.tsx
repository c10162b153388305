import type { Child } from 'hono/jsx'
import { allows } from '../../domain/subscription/commands.ts'
import { isLive } from '../../domain/subscription/subscription.ts'
import { newIdempotencyKey } from '../idempotency.ts'
import { Card, Csrf } from '../web/parts.tsx'
import type { ActName } from './acts.ts'
import { Confirm } from './confirm.tsx'
import type { Reading } from './reading.ts'

type Props = { readonly reading: Reading; readonly csrf: string }

type FormProps = Props & {
  readonly act: ActName
  readonly submit: string
  readonly tone?: 'primary' | 'danger'
  readonly children?: Child
}

/** A form that is sent twice is one request: it carries the key of the page that it was shown on. */
const ActForm = ({ reading, csrf, act, submit, tone, children }: FormProps) => (
  <form
    method="post"
    action={`/console/subscriptions/${reading.subscription.id}/${act}`}
    class="fields"
  >
    <Csrf token={csrf} />
    <input type="hidden" name="key" value={newIdempotencyKey()} />
    {children}
    <div>
      <button class={`small-button ${tone ?? ''}`}>{submit}</button>
    </div>
  </form>
)

const Fold = ({ title, children }: { readonly title: string; readonly children: Child }) => (
  <details>
    <summary>{title}</summary>
    {children}
  </details>
)

/** What may be done in this status; see `domain/subscription/commands.ts`. */
export const Actions = (props: Props) => {
  const { subscription } = props.reading
  const { status, cancelAt, pendingChange } = subscription
  return (
    <Card title="Actions" id="actions">
      <div class="actions">
        {allows('changePlan', status) && <ChangePlan {...props} />}
        {pendingChange !== null && allows('withdrawPlanChange', status) && (
          <Fold title="Withdraw the pending change">
            <ActForm {...props} act="withdraw-plan-change" submit="Withdraw" />
          </Fold>
        )}
        {allows('extendTrial', status) && <Trial {...props} />}
        {allows('pause', status) && (
          <Fold title="Pause">
            <ActForm {...props} act="pause" submit="Pause">
              <Instant name="resumes_at" label="Resumes (UTC)" hint="Empty: until it is resumed." />
            </ActForm>
          </Fold>
        )}
        {allows('resume', status) && (
          <Fold title="Resume">
            <ActForm {...props} act="resume" submit="Resume" tone="primary" />
          </Fold>
        )}
        {cancelAt !== null && allows('withdrawCancellation', status) && (
          <Fold title="Withdraw the cancellation">
            <ActForm {...props} act="withdraw-cancellation" submit="Withdraw" tone="primary" />
          </Fold>
        )}
        {isLive(status) && <Grant {...props} />}
        {allows('sync', status) && (
          <Fold title="Read Stripe now">
            <ActForm {...props} act="sync" submit="Sync" />
          </Fold>
        )}
        {allows('cancel', status) && <Cancel {...props} />}
        {allows('forceCancel', status) && <ForceCancel {...props} />}
        {!isLive(status) && <p class="empty">It is over: nothing can be done to it any more.</p>}
      </div>
    </Card>
  )
}

const ChangePlan = (props: Props) => {
  const { plans, plan, subscription } = props.reading
  const offered = plans.filter(
    ({ price, productLine }) =>
      price.currency === plan.price.currency && productLine === plan.productLine,
  )
  return (
    <Fold title="Change the plan">
      <ActForm {...props} act="change-plan" submit="Change" tone="primary">
        <div>
          <label for="plan_id">Plan</label>
          <select id="plan_id" name="plan_id">
            {offered.map(({ slug, name }) => (
              <option value={slug} selected={slug === plan.slug}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="plan_when">When</label>
          <select id="plan_when" name="when">
            <option value="">Upgrades now, downgrades later</option>
            <option value="now">Now</option>
            <option value="period_end">At the end of the period</option>
          </select>
        </div>
        <div>
          <label for="quantity">Quantity</label>
          <input
            id="quantity"
            name="quantity"
            type="number"
            min="1"
            placeholder={String(subscription.quantity)}
          />
        </div>
      </ActForm>
    </Fold>
  )
}

const Trial = (props: Props) => (
  <>
    <Fold title="Move the end of the trial">
      <ActForm {...props} act="extend-trial" submit="Move" tone="primary">
        <Instant name="ends_at" label="New end (UTC)" required />
      </ActForm>
    </Fold>
    <Fold title="End the trial now">
      <ActForm {...props} act="end-trial" submit="End and charge" tone="danger" />
    </Fold>
  </>
)

const Grant = (props: Props) => {
  const counted = props.reading.usage.filter(({ feature }) => feature.type !== 'boolean')
  if (counted.length === 0) return <></>
  return (
    <Fold title="Grant more of a feature">
      <ActForm {...props} act="grant" submit="Grant" tone="primary">
        <div>
          <label for="feature">Feature</label>
          <select id="feature" name="feature">
            {counted.map(({ feature }) => (
              <option value={feature.code}>{props.reading.nameOf(feature.code)}</option>
            ))}
          </select>
        </div>
        <div>
          <label for="amount">Amount</label>
          <input id="amount" name="amount" type="number" min="1" required />
        </div>
        <div>
          <label for="reason">Reason</label>
          <input id="reason" name="reason" maxlength={500} required />
        </div>
        <Instant name="expires_at" label="Expires (UTC)" hint="Empty: never." />
        <Confirm>It counts at once, and stands in the timeline.</Confirm>
      </ActForm>
    </Fold>
  )
}

const Cancel = (props: Props) => (
  <Fold title="Cancel">
    <ActForm {...props} act="cancel" submit="Cancel the subscription" tone="danger">
      <fieldset>
        <legend>When</legend>
        <label class="choice">
          <input type="radio" name="when" value="period_end" checked />
          At the end of the period
        </label>
        <label class="choice">
          <input type="radio" name="when" value="now" />
          Now: access ends at once
        </label>
      </fieldset>
    </ActForm>
  </Fold>
)

const ForceCancel = (props: Props) => (
  <Fold title="Force its end">
    <p class="inside muted">
      For what Stripe has lost, or refuses to end. What can be canceled is better canceled.
    </p>
    <ActForm {...props} act="force-cancel" submit="End it now" tone="danger">
      <div>
        <label for="force_reason">Reason</label>
        <input id="force_reason" name="reason" maxlength={500} required />
      </div>
      <Confirm>Access ends at once, and nothing brings it back.</Confirm>
    </ActForm>
  </Fold>
)

type InstantProps = {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly required?: boolean
}

const Instant = ({ name, label, hint, required = false }: InstantProps) => (
  <div>
    <label for={name}>{label}</label>
    <input id={name} name={name} type="datetime-local" required={required} />
    {hint !== undefined && <p class="hint">{hint}</p>}
  </div>
)
