import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/postgres/text.ts'
import { DRIFT_STATES, type DriftFinding, type Remedy } from '../../domain/drift.ts'
import { readForm } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import type { PageSetting } from '../web/pages.ts'
import { Alert, Badge, Card, Csrf } from '../web/parts.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PAGE_MAX = 50

const REMEDY = {
  adopt: 'Stripe is read again',
  import: 'It is imported',
  push: 'It is written at Stripe again',
  operator: 'A person decides',
} as const satisfies Record<Remedy, string>

const querySchema = z.object({
  state: z.enum(DRIFT_STATES).catch('open'),
  after: text(255).optional().catch(undefined),
})

/** What differs between here and Stripe. */
export const driftPage = ({ repositories, assets, ask }: PageSetting) => {
  async function show(c: Context<ConsoleEnvironment>, told: { readonly problem?: string } = {}) {
    const { state, after } = querySchema.parse(c.req.query())
    const found = await repositories.drift.list({ state }, { limit: PAGE_MAX + 1, after })
    const findings = found.slice(0, PAGE_MAX)
    const next = found.length > PAGE_MAX ? findings.at(-1)?.key : undefined
    const { csrf } = c.get('operator')
    return c.html(
      consolePage({
        title: 'Drift',
        path: '/console/drift',
        assets,
        operator: c.get('operator'),
        children: (
          <>
            <div class="head">
              <div>
                <h1>Drift</h1>
                <p>What differs between here and Stripe. Money is never repaired by itself.</p>
              </div>
            </div>
            {c.req.query('done') !== undefined && (
              <Alert tone="ok">
                <p>Dismissed. It stays closed while it says the same.</p>
              </Alert>
            )}
            {told.problem !== undefined && (
              <Alert tone="bad">
                <p>{told.problem}</p>
              </Alert>
            )}
            <nav class="nav" aria-label="State of differences">
              {DRIFT_STATES.map((each) => (
                <a
                  href={`/console/drift?state=${each}`}
                  {...(each === state && { 'aria-current': 'page' })}
                >
                  {titleOf(each)}
                </a>
              ))}
            </nav>
            <Card title={`${titleOf(state)} differences`} id="findings">
              <Findings findings={findings} csrf={csrf} />
              {next !== undefined && (
                <nav class="pages" aria-label="Pages">
                  <span />
                  <a
                    href={`/console/drift?${new URLSearchParams({ state, after: next }).toString()}`}
                    rel="next"
                  >
                    Older ones
                  </a>
                </nav>
              )}
            </Card>
          </>
        ),
      }),
      told.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get('/console/drift', (c) => show(c))
    .post('/console/drift/dismiss', async (c) => {
      const { finding = '', reason } = await readForm(c)
      const answer = await ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/admin/drift/dismiss',
        body: { keys: [finding], reason },
      })
      return answer.ok
        ? c.redirect('/console/drift?done=dismissed', 303)
        : show(c, { problem: answer.problem.detail })
    })
}

type FindingsProps = { readonly findings: readonly DriftFinding[]; readonly csrf: string }

const Findings = ({ findings, csrf }: FindingsProps) =>
  findings.length === 0 ? (
    <p class="empty">None.</p>
  ) : (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Of</th>
          <th scope="col">Remedy</th>
          <th scope="col">Last seen</th>
          <th scope="col">
            <span class="hidden">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding, index) => (
          <tr>
            <th scope="row">
              {titleOf(finding.kind)}
              <br />
              <span class="muted small">{finding.detail}</span>
            </th>
            <td data-label="Of">
              {finding.subscriptionId === null ? (
                <code>{finding.stripeId ?? ''}</code>
              ) : (
                <a href={`/console/subscriptions/${finding.subscriptionId}`}>The subscription</a>
              )}
            </td>
            <td data-label="Remedy">
              <Badge tone={finding.remedy === 'operator' ? 'warn' : 'info'}>
                {REMEDY[finding.remedy]}
              </Badge>
            </td>
            <td data-label="Last seen" class="muted">
              {FORMAT.dateTime(finding.seenAt)}
            </td>
            <td>
              {finding.state === 'open' ? (
                <details>
                  <summary>Dismiss</summary>
                  <form method="post" action="/console/drift/dismiss" class="fields">
                    <Csrf token={csrf} />
                    <input type="hidden" name="finding" value={finding.key} />
                    <div>
                      <label for={`reason-${index}`}>Why it is as it should be</label>
                      <input id={`reason-${index}`} name="reason" maxlength={500} required />
                    </div>
                    <div>
                      <button class="small-button">Dismiss</button>
                    </div>
                  </form>
                </details>
              ) : (
                <span class="muted small">{finding.closedBy ?? ''}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
