import { Hono, type Context, type Handler } from 'hono'
import { z } from 'zod'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { problemBody, type Problem } from '../problem.ts'
import { readForm } from '../web/form.ts'
import { titleOf, wordsOf } from '../web/format.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert, Badge, TONES } from '../web/parts.tsx'
import { ACTS, isAct, lacksConfirmation, NOT_CONFIRMED } from './acts.ts'
import { Actions } from './actions.tsx'
import { Facts } from './facts.tsx'
import { consolePage } from './layout.tsx'
import { Invoices, Findings, Grants, Timeline } from './lists.tsx'
import { readSubscription } from './reading.ts'
import type { ConsoleEnvironment } from './session.ts'
import { Usage, UsageHistory } from './usage.tsx'

type Told = { readonly done?: string | undefined; readonly problem?: Problem }

/** One subscription: all that is known of it, and what may be done to it. */
export const subscriptionPage = (setting: PageSetting, notFound: Handler<ConsoleEnvironment>) => {
  const { repositories, ask } = setting
  const find = async (id: string) => {
    const parsed = z.uuid().safeParse(id)
    return parsed.success
      ? repositories.subscriptions.find(subscriptionId(parsed.data.toLowerCase()))
      : undefined
  }

  async function show(c: Context<ConsoleEnvironment>, found: Subscription, told: Told) {
    const reading = await readSubscription(setting, found, c.req.query('feature'))
    const operator = c.get('operator')
    const { subscription, plan } = reading
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
            {told.done !== undefined && isAct(told.done) && (
              <Alert tone="ok">
                <p>{ACTS[told.done].done}</p>
              </Alert>
            )}
            {told.problem !== undefined && <Refusal problem={told.problem} />}
            {subscription.drift !== null && (
              <Alert tone="bad">
                <p>Differs from Stripe: {subscription.drift}</p>
              </Alert>
            )}
            <div class="grid side">
              <div class="grid">
                <Facts reading={reading} />
                <Usage reading={reading} />
                <UsageHistory reading={reading} />
                <Invoices reading={reading} />
                <Findings reading={reading} />
                <Grants reading={reading} />
                <Timeline reading={reading} />
              </div>
              <Actions reading={reading} csrf={operator.csrf} />
            </div>
          </>
        ),
      }),
      told.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get('/console/subscriptions/:id', async (c, next) => {
      const found = await find(c.req.param('id'))
      return found === undefined ? notFound(c, next) : show(c, found, { done: c.req.query('done') })
    })
    .post('/console/subscriptions/:id/:act', async (c, next) => {
      const act = c.req.param('act')
      const found = await find(c.req.param('id'))
      if (found === undefined || !isAct(act)) return notFound(c, next)
      const form = await readForm(c)
      if (lacksConfirmation(act, form))
        return show(c, found, {
          problem: problemBody('invalid_request', NOT_CONFIRMED, c.get('requestId')),
        })
      const answer = await ask({
        caller: c.get('operator').callerFor(found.userId),
        requestId: c.get('requestId'),
        key: form['key'],
        ...ACTS[act].question(found, form),
      })
      if (answer.ok) return c.redirect(`/console/subscriptions/${found.id}?done=${act}`, 303)
      return show(c, (await find(found.id)) ?? found, { problem: answer.problem })
    })
}

const Refusal = ({ problem }: { readonly problem: Problem }) => (
  <Alert tone="bad">
    <p>
      <strong>{problem.title}.</strong> {problem.detail}
    </p>
    {problem.errors?.map(({ field, detail }) => (
      <p>
        {titleOf(field)}: {wordsOf(detail)}
      </p>
    ))}
  </Alert>
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
      Its workflow in Temporal
    </a>
  )
}
