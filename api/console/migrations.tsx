import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { MigrationReport } from '../../domain/migration/repository.ts'
import {
  isEnded,
  STEERED_STATES,
  type PlanMigration,
} from '../../domain/migration/plan-migration.ts'
import { readForm } from '../web/form.ts'
import { titleOf, wordsOf } from '../web/format.ts'
import type { PageSetting } from '../web/setting.ts'
import { Badge, Card } from '../web/parts.tsx'
import { NOT_CONFIRMED } from './operator-actions.ts'
import { consolePage, FORMAT } from './layout.tsx'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { lacksConfirmationToSteer, Steering } from './steering.tsx'

/** All that are running, and the latest ones that ended. */
const MIGRATIONS_MAX = 20

const addressSchema = z.object({ id: z.uuid(), wanted: z.enum(STEERED_STATES) })

/** Plan migrations and the buttons that steer them. */
export const migrationsPage = (setting: PageSetting) =>
  new Hono<ConsoleEnvironment>()
    .get('/console/migrations', (c) =>
      show(c, setting, {
        done: c.req.query('done') === undefined ? undefined : 'The migration was updated.',
      }),
    )
    .post('/console/migrations/:id/:wanted', async (c, next) => {
      const address = addressSchema.safeParse(c.req.param())
      if (!address.success) return next()
      const { id, wanted } = address.data
      const form = await readForm(c)
      if (lacksConfirmationToSteer(wanted, form))
        return show(c, setting, { problem: NOT_CONFIRMED })
      const answer = await setting.ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        key: form['key'],
        method: 'PUT',
        path: `/admin/plan-migrations/${id}/state`,
        body: { state: wanted },
      })
      return answer.ok
        ? c.redirect(`/console/migrations?done=${wanted}`, 303)
        : show(c, setting, { problem: answer.problem })
    })

async function show(c: Context<ConsoleEnvironment>, setting: PageSetting, outcome: Outcome) {
  const operator = c.get('operator')
  const migrations = await readMigrations(setting)
  return c.html(
    consolePage({
      title: 'Migrations',
      path: '/console/migrations',
      assets: setting.assets,
      operator,
      children: (
        <>
          <div class="head">
            <div>
              <h1>Migrations</h1>
              <p>Migrations move subscriptions to another version of their plan.</p>
            </div>
          </div>
          <OutcomeAlert {...outcome} />
          {migrations.length === 0 && (
            <Card title="No migrations yet" id="none">
              <p class="empty">
                Start one with <code>POST /admin/plan-migrations</code>. Try a dry run first.
              </p>
            </Card>
          )}
          {migrations.map((each) => (
            <Migration {...each} csrf={operator.csrf} />
          ))}
        </>
      ),
    }),
    outcome.problem === undefined ? 200 : 409,
  )
}

async function readMigrations({ repositories: { planMigrations, plans } }: PageSetting) {
  const found = await planMigrations.list(MIGRATIONS_MAX)
  return Promise.all(
    found.map(async (migration) => {
      const to = await plans.getVersion(migration.to)
      return {
        migration,
        report: await planMigrations.report(migration.id),
        to: `${to.name}, version ${to.version}`,
      }
    }),
  )
}

type Props = {
  readonly migration: PlanMigration
  readonly report: MigrationReport
  /** The name and version of the plan that subscriptions move to. */
  readonly to: string
  readonly csrf: string
}

const Migration = ({ migration, report, to, csrf }: Props) => {
  const total = report.states.reduce((sum, { count }) => sum + count, 0)
  const left = report.states
    .filter(({ state }) => state === 'pending')
    .reduce((sum, { count }) => sum + count, 0)
  const tone = isEnded(migration.state) ? 'plain' : 'info'
  return (
    <Card
      title={`To ${to}`}
      id={`migration-${migration.id}`}
      aside={<Badge tone={tone}>{titleOf(migration.state)}</Badge>}
    >
      <progress
        aria-label={`Progress of the migration to ${to}`}
        max={1}
        value={total === 0 ? 0 : (total - left) / total}
      />
      <dl class="facts">
        <div>
          <dt>Examined</dt>
          <dd>{FORMAT.number(total)}</dd>
        </div>
        {report.states.map(({ state, reason, count }) => (
          <div>
            <dt>
              {titleOf(state)}
              {reason !== null && `: ${wordsOf(reason)}`}
            </dt>
            <dd>{FORMAT.number(count)}</dd>
          </div>
        ))}
        <div>
          <dt>Started</dt>
          <dd>{FORMAT.dateTime(migration.createdAt)}</dd>
        </div>
      </dl>
      <p class="muted">
        {migration.dryRun ? 'Dry run: no subscription is changed. ' : ''}
        {migration.reason}
        {migration.heldBecause !== null && ` · on hold: ${migration.heldBecause}`}
      </p>
      <Steering migration={migration} csrf={csrf} />
    </Card>
  )
}
