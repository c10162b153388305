import { allows } from '../../domain/subscription/commands.ts'
import { DAYS_UNTIL_DUE_MAX, PO_NUMBER_MAX_CHARACTERS } from '../../domain/invoice/net-terms.ts'
import { isLive } from '../../domain/subscription/subscription.ts'
import { Card } from '../web/parts.tsx'
import { ActionForm, When, type ActionsProps } from './action-form.tsx'
import { ChangeCustomer } from './change-customer.tsx'
import { ChangeItems } from './change-items.tsx'
import { Confirm } from './confirm.tsx'
import { Fold } from './field.tsx'
import { FORMAT } from './layout.tsx'

/** The actions that the subscription's status allows; see `domain/subscription/commands.ts`. */
export const Actions = (props: ActionsProps) => {
  const { subscription } = props.details
  const { status, cancelAt, pendingChange } = subscription
  return (
    <Card title="Actions" id="actions">
      <div class="actions">
        {allows('changePlan', status) && <ChangePlan {...props} />}
        {allows('changePlan', status) && <ChangeItems {...props} />}
        {pendingChange !== null && allows('withdrawPlanChange', status) && (
          <Fold title="Withdraw pending plan change">
            <ActionForm {...props} act="withdraw-plan-change" submit="Withdraw" />
          </Fold>
        )}
        {allows('extendTrial', status) && <Trial {...props} />}
        {allows('pause', status) && (
          <Fold title="Pause">
            <ActionForm {...props} act="pause" submit="Pause">
              <Instant
                name="resumes_at"
                label="Resumes (UTC)"
                hint="Leave empty to pause until it is resumed."
              />
            </ActionForm>
          </Fold>
        )}
        {allows('resume', status) && (
          <Fold title="Resume">
            <ActionForm {...props} act="resume" submit="Resume" tone="primary" />
          </Fold>
        )}
        {cancelAt !== null && allows('withdrawCancellation', status) && (
          <Fold title="Withdraw cancellation">
            <ActionForm {...props} act="withdraw-cancellation" submit="Withdraw" tone="primary" />
          </Fold>
        )}
        {isLive(status) && <Grant {...props} />}
        <ChangeCustomer {...props} />
        {allows('sync', status) && (
          <Fold title="Sync from Stripe">
            <ActionForm {...props} act="sync" submit="Sync" />
          </Fold>
        )}
        {subscription.stripeSubscriptionId !== null && allows('changeCollection', status) && (
          <Collection {...props} />
        )}
        {allows('cancel', status) && <Cancel {...props} />}
        {allows('forceCancel', status) && <ForceCancel {...props} />}
        {!isLive(status) && <p class="empty">An ended subscription accepts no further commands.</p>}
      </div>
    </Card>
  )
}

const ChangePlan = (props: ActionsProps) => {
  const { plans, plan, subscription } = props.details
  const offered = plans.filter(
    ({ price, productLine }) =>
      price.currency === plan.price.currency && productLine === plan.productLine,
  )
  return (
    <Fold title="Change plan">
      <ActionForm {...props} act="change-plan" submit="Review change" tone="primary">
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
        <When id="plan_when" usual="Upgrades now, downgrades later" less="a downgrade" />
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
      </ActionForm>
    </Fold>
  )
}

const Trial = (props: ActionsProps) => (
  <>
    <Fold title="Change trial end">
      <ActionForm {...props} act="extend-trial" submit="Change" tone="primary">
        <Instant name="ends_at" label="New end (UTC)" required />
      </ActionForm>
    </Fold>
    <Fold title="End trial now">
      <ActionForm {...props} act="end-trial" submit="End trial and charge" tone="danger">
        <Confirm>
          The card is charged{' '}
          {FORMAT.money(
            props.details.plan.price.amountMinor * props.details.subscription.quantity,
            props.details.plan.price.currency,
          )}{' '}
          now, less discounts, plus tax.
        </Confirm>
      </ActionForm>
    </Fold>
  </>
)

const Grant = (props: ActionsProps) => {
  const counted = props.details.usage.filter(({ feature }) => feature.type !== 'boolean')
  if (counted.length === 0) return <></>
  return (
    <Fold title="Grant extra usage">
      <ActionForm {...props} act="grant" submit="Grant" tone="primary">
        <div>
          <label for="feature">Feature</label>
          <select id="feature" name="feature">
            {counted.map(({ feature }) => (
              <option value={feature.code}>{props.details.nameOf(feature.code)}</option>
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
        <Instant name="expires_at" label="Expires (UTC)" hint="Leave empty for no expiry." />
        <Confirm>Takes effect now and is recorded in the timeline.</Confirm>
      </ActionForm>
    </Fold>
  )
}

const Cancel = (props: ActionsProps) => (
  <Fold title="Cancel">
    <ActionForm {...props} act="cancel" submit="Cancel subscription" tone="danger">
      <fieldset>
        <legend>When</legend>
        <label class="choice">
          <input type="radio" name="when" value="period_end" checked />
          At the end of the period
        </label>
        <label class="choice">
          <input type="radio" name="when" value="now" />
          Now: access ends immediately
        </label>
      </fieldset>
    </ActionForm>
  </Fold>
)

const Collection = (props: ActionsProps) => (
  <Fold title="Net terms">
    <ActionForm {...props} act="change-collection" submit="Change" tone="primary">
      <div>
        <label for="method">Later invoices</label>
        <select id="method" name="method">
          <option value="send_invoice">Are sent with a due date</option>
          <option value="charge_automatically">Are charged automatically</option>
        </select>
      </div>
      <div>
        <label for="days_until_due">Days until due</label>
        <input
          id="days_until_due"
          name="days_until_due"
          type="number"
          min="1"
          max={DAYS_UNTIL_DUE_MAX}
        />
        <p class="hint">Leave empty for automatic charges.</p>
      </div>
      <div>
        <label for="po_number">PO number</label>
        <input id="po_number" name="po_number" maxlength={PO_NUMBER_MAX_CHARACTERS} />
      </div>
      <div>
        <label for="collection_reason">Reason</label>
        <input id="collection_reason" name="reason" maxlength={500} required />
      </div>
      <Confirm>The customer has access before an invoice that is sent is paid.</Confirm>
    </ActionForm>
  </Fold>
)

const ForceCancel = (props: ActionsProps) => (
  <Fold title="Force cancel">
    <p class="inside muted">
      For a subscription that Stripe has lost or refuses to cancel. In all other cases use Cancel.
    </p>
    <ActionForm {...props} act="force-cancel" submit="Force cancel" tone="danger">
      <div>
        <label for="force_reason">Reason</label>
        <input id="force_reason" name="reason" maxlength={500} required />
      </div>
      <Confirm>Access ends immediately. This cannot be undone.</Confirm>
    </ActionForm>
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
