import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/text.ts'
import { DRIFT_STATES, type DriftFinding, type Remedy } from '../../domain/stripe/drift.ts'
import { readForm } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import type { PageSetting } from '../web/setting.ts'
import { Badge, Csrf } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { pageOf, Queue, type Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PATH = '/console/drift'
const PAGE_MAX = 50
const DISMISSED = 'Dismissed. It opens again only if the difference changes.'

const REMEDY = {
  adopt: 'Sync from Stripe',
  import: 'Import',
  push: 'Write to Stripe again',
  operator: 'Operator decides',
} as const satisfies Record<Remedy, string>

const querySchema = z.object({
  state: z.enum(DRIFT_STATES).catch('open'),
  after: text(255).optional().catch(undefined),
})

/** The differences between Perennial and Stripe. */
export const driftPage = (setting: PageSetting) => {
  const { repositories, assets, ask } = setting

  async function show(c: Context<ConsoleEnvironment>, outcome: Outcome) {
    const { state, after } = querySchema.parse(c.req.query())
    const found = await repositories.drift.list({ state }, { limit: PAGE_MAX + 1, after })
    const { shown, next } = pageOf(found, PAGE_MAX, ({ key }) => key)
    const operator = c.get('operator')
    return c.html(
      consolePage({
        title: 'Drift',
        path: PATH,
        assets,
        operator,
        children: (
          <Queue
            title="Drift"
            text="Differences between Perennial and Stripe. Amounts of money are never repaired automatically."
            path={PATH}
            entries="differences"
            states={DRIFT_STATES}
            state={state}
            next={next}
            outcome={outcome}
          >
            <Findings findings={shown} csrf={operator.csrf} />
          </Queue>
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => show(c, { done: c.req.query('done') === undefined ? undefined : DISMISSED }))
    .post(`${PATH}/dismiss`, async (c) => {
      const { finding = '', reason } = await readForm(c)
      const answer = await ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/admin/drift/dismiss',
        body: { keys: [finding], reason },
      })
      return answer.ok
        ? c.redirect(`${PATH}?done=dismissed`, 303)
        : show(c, { problem: answer.problem })
    })
}

type FindingsProps = { readonly findings: readonly DriftFinding[]; readonly csrf: string }

const Findings = ({ findings, csrf }: FindingsProps) => (
  <Table
    rows={findings}
    empty="No differences in this state."
    columns={[
      {
        name: 'Difference',
        cell: ({ kind, detail }) => (
          <>
            {titleOf(kind)}
            <br />
            <span class="muted small">{detail}</span>
          </>
        ),
      },
      {
        name: 'Object',
        cell: ({ subscriptionId, stripeId }) =>
          subscriptionId === null ? (
            <code>{stripeId ?? ''}</code>
          ) : (
            <a href={`/console/subscriptions/${subscriptionId}`}>Subscription</a>
          ),
      },
      {
        name: 'Remedy',
        cell: ({ remedy }) => (
          <Badge tone={remedy === 'operator' ? 'warn' : 'info'}>{REMEDY[remedy]}</Badge>
        ),
      },
      { name: 'Last seen', class: 'muted', cell: ({ seenAt }) => FORMAT.dateTime(seenAt) },
      {
        name: 'Action',
        kind: 'action',
        cell: (finding, index) =>
          finding.state === 'open' ? (
            <Dismiss finding={finding} index={index} csrf={csrf} />
          ) : (
            <span class="muted small">{finding.closedBy ?? ''}</span>
          ),
      },
    ]}
  />
)

type DismissProps = {
  readonly finding: DriftFinding
  readonly index: number
  readonly csrf: string
}

const Dismiss = ({ finding, index, csrf }: DismissProps) => (
  <details>
    <summary>Dismiss</summary>
    <form method="post" action={`${PATH}/dismiss`} class="fields">
      <Csrf token={csrf} />
      <input type="hidden" name="finding" value={finding.key} />
      <div>
        <label for={`reason-${index}`}>Reason</label>
        <input id={`reason-${index}`} name="reason" maxlength={500} required />
      </div>
      <div>
        <button class="small-button">Dismiss</button>
      </div>
    </form>
  </details>
)
