import { Hono, type Context } from 'hono'
import { z } from 'zod'
import {
  DELIVERY_STATES,
  type DeliveryState,
  type WebhookDelivery,
} from '../../domain/webhook/repository.ts'
import { readForm } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import { Badge, CallFields, type Tone } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Table } from '../web/table.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { perform } from './perform.ts'
import { pageOf, Queue, type Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PATH = '/console/webhooks/deliveries'
const PAGE_MAX = 50
const TONE_OF = {
  pending: 'info',
  delivered: 'ok',
  failed: 'bad',
} as const satisfies Record<DeliveryState, Tone>

const querySchema = z.object({
  state: z.enum(DELIVERY_STATES).catch('failed'),
  after: z.coerce.number().int().min(1).optional().catch(undefined),
  endpoint: z.uuid().optional().catch(undefined),
})
const replayed = z.object({ replayed: z.int() })

/** The deliveries to applications, the failed ones first: operators can send them again here. */
export const deliveriesPage = (setting: PageSetting) => {
  const { deliveries, endpoints } = setting.repositories.webhooks

  async function show(c: Context<ConsoleEnvironment>, outcome: Outcome) {
    const { state, after, endpoint } = querySchema.parse(c.req.query())
    const [found, known] = await Promise.all([
      deliveries.list({ state, endpointId: endpoint }, { limit: PAGE_MAX + 1, after }),
      endpoints.list(),
    ])
    const { shown, next } = pageOf(found, PAGE_MAX, ({ id }) => String(id))
    const operator = c.get('operator')
    const urls = new Map(known.map(({ id, url }) => [id, url]))
    return c.html(
      consolePage({
        title: 'Deliveries',
        path: '/console/webhooks',
        assets: setting.assets,
        operator,
        children: (
          <Queue
            title="Deliveries"
            text="Events to applications. A replay has the same id, so a receiver recognizes what it has already processed."
            path={PATH}
            entries="deliveries"
            states={['failed', 'pending', 'delivered'] satisfies readonly DeliveryState[]}
            state={state}
            filter={endpoint === undefined ? {} : { endpoint }}
            next={next}
            outcome={outcome}
          >
            <Deliveries shown={shown} urls={urls} csrf={operator.csrf} />
          </Queue>
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => show(c, { done: doneOf(c.req.query('again')) }))
    .post(`${PATH}/replay`, async (c) => {
      const form = await readForm(c)
      const ids = (form['deliveries'] ?? '').split(',').map(Number)
      const call = {
        method: 'POST',
        path: '/admin/webhook-deliveries/replay',
        body: { delivery_ids: ids },
      } as const
      const answer = await perform(c, setting, call, { form })
      return answer.ok
        ? c.redirect(`${PATH}?again=${replayed.parse(answer.body).replayed}`, 303)
        : show(c, { problem: answer.problem })
    })
}

function doneOf(again: string | undefined): string | undefined {
  if (again === undefined) return undefined
  const count = Number(again) || 0
  if (count === 0)
    return 'Nothing will be sent again: these deliveries wait already, or their endpoint is disabled.'
  return `${FORMAT.number(count)} ${count === 1 ? 'delivery' : 'deliveries'} will be sent again.`
}

type DeliveriesProps = {
  readonly shown: readonly WebhookDelivery[]
  /** The address of each endpoint. */
  readonly urls: ReadonlyMap<string, string>
  readonly csrf: string
}

const Deliveries = ({ shown, urls, csrf }: DeliveriesProps) => {
  const ended = shown.filter(({ state }) => state !== 'pending')
  return (
    <>
      {ended.length > 1 && (
        <Replay ids={ended.map(({ id }) => id)} csrf={csrf}>
          Replay all {FORMAT.number(ended.length)} on this page
        </Replay>
      )}
      <Table
        rows={shown}
        empty="No deliveries in this state."
        columns={[
          {
            name: 'Event',
            cell: ({ type, subscriptionId }) => (
              <>
                {type}
                <br />
                <a class="small" href={`/console/subscriptions/${subscriptionId}`}>
                  Subscription
                </a>
              </>
            ),
          },
          {
            name: 'Endpoint',
            class: 'user muted small',
            cell: ({ endpointId }) => urls.get(endpointId) ?? '',
          },
          {
            name: 'State',
            cell: ({ state }) => <Badge tone={TONE_OF[state]}>{titleOf(state)}</Badge>,
          },
          { name: 'Last answer', cell: LastAnswer },
          {
            name: 'Created',
            class: 'muted nowrap',
            cell: ({ createdAt }) => FORMAT.dateTime(createdAt),
          },
          {
            name: 'Action',
            kind: 'action',
            cell: ({ id, state }) =>
              state !== 'pending' && (
                <Replay ids={[id]} csrf={csrf}>
                  Replay
                </Replay>
              ),
          },
        ]}
      />
    </>
  )
}

const LastAnswer = ({ lastStatus, lastError, attempts }: WebhookDelivery) => (
  <>
    {lastError ?? (lastStatus === null ? '' : String(lastStatus))}
    <br />
    <span class="muted small">
      {FORMAT.number(attempts)} {attempts === 1 ? 'attempt' : 'attempts'}
    </span>
  </>
)

type ReplayProps = {
  readonly ids: readonly number[]
  readonly csrf: string
  readonly children: string | readonly (string | number)[]
}

const Replay = ({ ids, csrf, children }: ReplayProps) => (
  <form method="post" action={`${PATH}/replay`}>
    <CallFields token={csrf} />
    <input type="hidden" name="deliveries" value={ids.join(',')} />
    <button class="small-button">{children}</button>
  </form>
)
