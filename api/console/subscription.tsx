import { Hono, type Context, type Handler } from 'hono'
import { z } from 'zod'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import type { Problem } from '../problem.ts'
import { readForm, type Form } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import { isStaleReview, readAddonChoices } from '../web/items-form.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert, Badge, TONES } from '../web/parts.tsx'
import {
  OPERATOR_ACTIONS,
  isConfirmed,
  isOperatorAction,
  lacksConfirmation,
  NOT_CONFIRMED,
} from './operator-actions.ts'
import { Actions } from './actions.tsx'
import { Summary } from './summary.tsx'
import { consolePage } from './layout.tsx'
import { perform } from './perform.ts'
import { Refusal } from './refusal.tsx'
import { isReviewed, showReview } from './review.tsx'
import { Invoices, Findings, Grants } from './lists.tsx'
import { Timeline } from './timeline.tsx'
import { readDetails, type SubscriptionDetails } from './details.ts'
import type { ConsoleEnvironment } from './session.ts'
import { Usage, UsageHistory } from './usage.tsx'

type PageOutcome = { readonly done?: string | undefined; readonly problem?: Problem | string }

/** The page of one subscription: its details and the actions on it. */
export const subscriptionPage = (setting: PageSetting, notFound: Handler<ConsoleEnvironment>) =>
  new Hono<ConsoleEnvironment>()
    .get('/console/subscriptions/:id', async (c, next) => {
      const found = await findSubscription(setting, c.req.param('id'))
      if (found === undefined) return notFound(c, next)
      return show(c, setting, found, { done: c.req.query('done') })
    })
    .post('/console/subscriptions/:id/:action', async (c, next) => {
      const action = c.req.param('action')
      const found = await findSubscription(setting, c.req.param('id'))
      if (found === undefined || !isOperatorAction(action)) return notFound(c, next)
      const form = await readForm(c)
      if (isReviewed(action) && !isConfirmed(form))
        return showReview(c, setting, found, {
          action,
          form,
          refuse: (problem) => show(c, setting, found, { problem }),
        })
      if (lacksConfirmation(action, form))
        return show(c, setting, found, {
          problem: NOT_CONFIRMED,
        })
      if (action === 'change-items' && (await isStale(setting, found, form)))
        return show(c, setting, found, { problem: STALE })
      const { userId } = found
      const call = OPERATOR_ACTIONS[action].call(found, form)
      const answer = await perform(c, setting, call, { form, userId })
      if (answer.ok) return c.redirect(`/console/subscriptions/${found.id}?done=${action}`, 303)
      const current = (await findSubscription(setting, found.id)) ?? found
      return show(c, setting, current, { problem: answer.problem })
    })

const STALE =
  'The subscription has changed since the review. Nothing was done: review the change again.'

async function isStale({ repositories: { plans } }: PageSetting, own: Subscription, form: Form) {
  const plan = await plans.getVersion(own.planVersionId)
  return isStaleReview(own, form, await readAddonChoices(plans, own, plan))
}

async function findSubscription({ repositories }: PageSetting, id: string) {
  const parsed = z.uuid().safeParse(id)
  return parsed.success
    ? repositories.subscriptions.find(subscriptionId(parsed.data.toLowerCase()))
    : undefined
}

async function show(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
  outcome: PageOutcome,
) {
  const details = await readDetails(setting, subscription, c.req.query('feature'))
  const operator = c.get('operator')
  return c.html(
    consolePage({
      title: subscription.userId,
      path: '/console/subscriptions',
      assets: setting.assets,
      operator,
      styles: ['uplot.css'],
      scripts: ['uplot.js', 'charts.js'],
      children: (
        <>
          <Head details={details} setting={setting} />
          <OutcomeOf outcome={outcome} />
          {subscription.drift !== null && (
            <Alert tone="bad">
              <p>Differs from Stripe: {subscription.drift}</p>
            </Alert>
          )}
          <div class="grid side">
            <div class="grid">
              <Summary details={details} />
              <Usage details={details} />
              <UsageHistory details={details} />
              <Invoices details={details} />
              <Findings details={details} />
              <Grants details={details} />
              <Timeline details={details} />
            </div>
            <Actions details={details} csrf={operator.csrf} />
          </div>
        </>
      ),
    }),
    outcome.problem === undefined ? 200 : 409,
  )
}

type HeadProps = { readonly details: SubscriptionDetails; readonly setting: PageSetting }

const Head = ({ details: { subscription, plan }, setting }: HeadProps) => (
  <div class="head">
    <div>
      <div class="title">
        <h1>{subscription.userId}</h1>
        <Badge tone={TONES[subscription.status]}>{titleOf(subscription.status)}</Badge>
      </div>
      <p>
        {plan.name}, version {plan.version} · <span class="mono">{subscription.id}</span>
      </p>
    </div>
    <WorkflowLink setting={setting} id={subscription.id} />
  </div>
)

const OutcomeOf = ({ outcome: { done, problem } }: { readonly outcome: PageOutcome }) => (
  <>
    {done !== undefined && isOperatorAction(done) && (
      <Alert tone="ok">
        <p>{OPERATOR_ACTIONS[done].done}</p>
      </Alert>
    )}
    {problem !== undefined && <Refusal problem={problem} />}
  </>
)

const WorkflowLink = ({ setting, id }: { readonly setting: PageSetting; readonly id: string }) => {
  const { temporalUi } = setting.pages
  if (temporalUi === undefined) return <></>
  const workflow = encodeURIComponent(subscriptionWorkflowId(id))
  const namespace = encodeURIComponent(temporalUi.namespace)
  return (
    <a
      class="button"
      href={`${temporalUi.url}/namespaces/${namespace}/workflows/${workflow}`}
      rel="noreferrer"
    >
      Open in Temporal
    </a>
  )
}
