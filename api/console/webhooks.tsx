import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { WebhookEndpoint } from '../../domain/webhook/repository.ts'
import { WEBHOOK_TYPES } from '../../domain/webhook/webhook.ts'
import { readForm, type Form } from '../web/form.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Fold } from './field.tsx'
import { consolePage } from './layout.tsx'
import { isConfirmed, NOT_CONFIRMED } from './operator-actions.ts'
import { perform } from './perform.ts'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import { Secret } from './secret.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { Endpoint, EndpointForm } from './webhook-endpoint.tsx'
import { CREATE, ENDPOINT_ACTIONS, isEndpointAction } from './webhook-actions.ts'

const PATH = '/console/webhooks'
const CREATED = 'The endpoint is created. It receives all events from now on.'

const withSecret = z.object({ url: z.string(), secret: z.string() })
const tested = z.object({ acknowledged: z.boolean(), error: z.string().nullable() })

type EndpointOutcome = Outcome & { readonly shown?: z.infer<typeof withSecret> }

/** The applications' webhook endpoints. A signing secret is part of only one page: the answer to the form that created it. */
export const webhooksPage = (setting: PageSetting) => {
  const { endpoints } = setting.repositories.webhooks

  async function show(c: Context<ConsoleEnvironment>, outcome: EndpointOutcome) {
    const operator = c.get('operator')
    const found = await endpoints.list()
    return c.html(
      consolePage({
        title: 'Webhooks',
        path: PATH,
        assets: setting.assets,
        operator,
        children: <Page endpoints={found} csrf={operator.csrf} outcome={outcome} />,
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  async function run(c: Context<ConsoleEnvironment>, action: keyof typeof ENDPOINT_ACTIONS) {
    const form = await readForm(c)
    const { call, done, needsConfirmation } = ENDPOINT_ACTIONS[action]
    if (needsConfirmation && !isConfirmed(form)) return show(c, { problem: NOT_CONFIRMED })
    const id = encodeURIComponent(c.req.param('id') ?? '')
    const answer = await perform(c, setting, call(id, form), { form })
    if (!answer.ok) return show(c, { problem: answer.problem })
    if (action === 'rotate') return show(c, { done, shown: withSecret.parse(answer.body) })
    if (action === 'test') return show(c, outcomeOfTest(tested.parse(answer.body)))
    return c.redirect(`${PATH}?done=${action}`, 303)
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => {
      const action = c.req.query('done') ?? ''
      return show(c, {
        done: isEndpointAction(action) ? ENDPOINT_ACTIONS[action].done : undefined,
      })
    })
    .post(PATH, async (c) => {
      const form = await readForm(c)
      const answer = await perform(c, setting, { ...CREATE, body: settingsFrom(form) }, { form })
      return show(
        c,
        answer.ok
          ? { done: CREATED, shown: withSecret.parse(answer.body) }
          : { problem: answer.problem },
      )
    })
    .post(`${PATH}/:id/:action`, async (c, next) => {
      const action = c.req.param('action')
      return isEndpointAction(action) ? run(c, action) : next()
    })
}

const outcomeOfTest = ({ acknowledged, error }: z.infer<typeof tested>): Outcome =>
  acknowledged
    ? { done: 'The endpoint has accepted the test event.' }
    : { problem: `The endpoint has not accepted the test event: ${error ?? 'no reason given'}.` }

function settingsFrom(form: Form) {
  const chosen = WEBHOOK_TYPES.filter((type) => form[`type_${type}`] !== undefined)
  return {
    url: form['url'],
    description: form['description'] ?? '',
    event_types: chosen.length === 0 ? null : chosen,
  }
}

type PageProps = {
  readonly endpoints: readonly WebhookEndpoint[]
  readonly csrf: string
  readonly outcome: EndpointOutcome
}

const Page = ({ endpoints, csrf, outcome }: PageProps) => (
  <>
    <div class="head">
      <div>
        <h1>Webhooks</h1>
        <p>Applications receive each change of a subscription as a signed request.</p>
      </div>
      <a class="button" href={`${PATH}/deliveries`}>
        Deliveries
      </a>
    </div>
    <OutcomeAlert {...outcome} />
    {outcome.shown !== undefined && (
      <Secret name={`The signing secret of ${outcome.shown.url}`} value={outcome.shown.secret} />
    )}
    {endpoints.length === 0 && (
      <Card title="No endpoints yet" id="none">
        <p class="empty">Add the address of your application below.</p>
      </Card>
    )}
    {endpoints.map((endpoint) => (
      <Endpoint endpoint={endpoint} csrf={csrf} />
    ))}
    <Card title="New endpoint" id="new">
      <Fold title="Add an endpoint" open={endpoints.length === 0}>
        <form method="post" action={PATH} class="fields form-width">
          <CallFields token={csrf} />
          <EndpointForm />
        </form>
      </Fold>
    </Card>
  </>
)
