import type { Repositories } from '../../domain/repositories.ts'
import { needsOperator } from '../../domain/stripe/event.ts'
import { Badge, Card } from '../web/parts.tsx'
import { FORMAT } from './layout.tsx'

/** Events are processed within seconds; a longer wait means that something is broken. */
const LAG_MAX_S = 60
/** Enough runs to find the last finished one among those that are running. */
const RUNS_MAX = 20
/** Most reasons are fixed texts; only failures have texts of their own. */
export const REASONS_MAX = 500

type HealthFigures = Awaited<ReturnType<typeof healthOf>>

/** Figures on how well Perennial and Stripe agree. */
export async function healthOf({ stripeInbox, drift, reconciliations }: Repositories, now: Date) {
  const [inbox, parked, open, runs] = await Promise.all([
    stripeInbox.figures(),
    stripeInbox.parkedByReason(REASONS_MAX),
    drift.count(),
    reconciliations.list(RUNS_MAX),
  ])
  const since = inbox.oldestReceivedAt ?? now
  return {
    waiting: inbox.received + inbox.forwarded,
    lagSeconds: Math.max(0, Math.round((now.getTime() - since.getTime()) / 1_000)),
    urgent: parked
      .filter(({ reason }) => needsOperator(reason))
      .reduce((sum, { count }) => sum + count, 0),
    drift: open.reduce((sum, each) => sum + each.open, 0),
    comparedAt: runs.map(({ finishedAt }) => finishedAt).find((at) => at !== null) ?? null,
  }
}

/** The card of the console with these figures. */
export const Health = ({ waiting, lagSeconds, urgent, drift, comparedAt }: HealthFigures) => (
  <Card title="Stripe sync" id="health">
    <dl class="health">
      <div>
        <dt>Waiting events</dt>
        <dd>
          <Badge tone={lagSeconds > LAG_MAX_S ? 'bad' : 'ok'}>
            {FORMAT.number(waiting)}
            {waiting > 0 && `, for ${FORMAT.number(lagSeconds)} s`}
          </Badge>
        </dd>
      </div>
      <div>
        <dt>
          <a href="/console/inbox">Events that need a person</a>
        </dt>
        <dd>
          <Badge tone={urgent > 0 ? 'warn' : 'ok'}>{FORMAT.number(urgent)}</Badge>
        </dd>
      </div>
      <div>
        <dt>
          <a href="/console/drift">Open differences</a>
        </dt>
        <dd>
          <Badge tone={drift > 0 ? 'warn' : 'ok'}>{FORMAT.number(drift)}</Badge>
        </dd>
      </div>
      <div>
        <dt>Last full comparison</dt>
        <dd class="number">{comparedAt === null ? 'Never' : FORMAT.dateTime(comparedAt)}</dd>
      </div>
    </dl>
  </Card>
)
