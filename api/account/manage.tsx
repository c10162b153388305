import type { Child } from 'hono/jsx'
import { allows } from '../../domain/subscription/commands.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { CallFields, Csrf } from '../web/parts.tsx'
import type { UserAction } from './user-actions.ts'
import type { Visit } from './setting.ts'

/** The link to Stripe's billing portal, in a new tab if this page is in a frame: Stripe does not allow frames. */
export const Portal = ({ visit: { texts, visitor, customer } }: { readonly visit: Visit }) =>
  customer?.stripeCustomerId ? (
    <form method="post" action="/account/portal" {...(visitor.embedded && { target: '_blank' })}>
      <Csrf token={visitor.csrf} />
      <div class="head">
        <div>
          <h3>{texts.portal}</h3>
          <p class="small">{texts.portalHint}</p>
        </div>
        <button class="small-button" aria-label={`${texts.leave}: ${texts.portal}`}>
          {texts.leave}
        </button>
      </div>
    </form>
  ) : (
    <></>
  )

type Props = {
  readonly subscription: Subscription
  readonly plan: PlanVersion
  readonly visit: Visit
}

/** The forms to pause, resume, cancel, and withdraw a cancellation. */
export const Manage = (props: Props) => {
  const { subscription, plan, visit } = props
  const { texts, format } = visit
  const { status, cancelAt, period } = subscription
  return (
    <>
      {allows('resume', status) && (
        <ActionForm {...props} act="resume" text={texts.resume} tone="primary" />
      )}
      {allows('pause', status) && cancelAt === null && !isFree(plan) && (
        <details>
          <summary>{texts.pause}</summary>
          <ActionForm {...props} act="pause" text={texts.pause}>
            <p class="muted">{texts.pauseHint}</p>
          </ActionForm>
        </details>
      )}
      {cancelAt !== null && allows('withdrawCancellation', status) ? (
        <ActionForm {...props} act="withdraw-cancellation" text={texts.keep} tone="primary" />
      ) : (
        allows('cancel', status) && (
          <details>
            <summary>{texts.cancel}</summary>
            <ActionForm {...props} act="cancel" text={texts.cancel} tone="danger">
              <input
                type="hidden"
                name="when"
                value={status === 'active' || status === 'trialing' ? 'period_end' : 'now'}
              />
              <p class="muted">
                {status === 'active' || status === 'trialing'
                  ? texts.cancelHint(format.date(period.end))
                  : texts.cancelNowHint}
              </p>
            </ActionForm>
          </details>
        )
      )}
    </>
  )
}

type ActFormProps = Props & {
  readonly act: UserAction
  readonly text: string
  readonly tone?: 'primary' | 'danger'
  readonly children?: Child
}

/** A form that calls the API for one action. */
const ActionForm = ({ subscription, visit, act, text, tone, children }: ActFormProps) => (
  <form method="post" action={`/account/subscriptions/${subscription.id}/${act}`} class="fields">
    <CallFields token={visit.visitor.csrf} />
    {children}
    <div>
      <button class={`small-button ${tone ?? ''}`}>{text}</button>
    </div>
  </form>
)
