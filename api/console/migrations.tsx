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
import { Table } from '../web/table.tsx'
import { Begin, beginningOf, isReview, REVIEW_TOO_OLD } from './migration-begin.tsx'
import { isConfirmed, NOT_CONFIRMED } from './operator-actions.ts'
import { perform } from './perform.ts'
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
        done: doneOf(c.req.query('done')),
      }),
    )
    .post('/console/migrations/:id/begin', async (c, next) => {
      const { data: id } = z.uuid().safeParse(c.req.param('id'))
      const { planMigrations } = setting.repositories
      const migration = id === undefined ? undefined : await planMigrations.find(id)
      if (migration === undefined) return next()
      const form = await readForm(c)
      if (!isConfirmed(form)) return show(c, setting, { problem: NOT_CONFIRMED })
      if (!isReview(migration, setting.clock.now()))
        return show(c, setting, { problem: REVIEW_TOO_OLD })
      const call = await beginningOf(migration, setting.repositories)
      const answer = await perform(c, setting, call, { form })
      return answer.ok
        ? c.redirect('/console/migrations?done=begin', 303)
        : show(c, setting, { problem: answer.problem })
    })
    .post('/console/migrations/:id/:wanted', async (c, next) => {
      const address = addressSchema.safeParse(c.req.param())
      if (!address.success) return next()
      const { id, wanted } = address.data
      const form = await readForm(c)
      if (lacksConfirmationToSteer(wanted, form))
        return show(c, setting, { problem: NOT_CONFIRMED })
      const call = {
        method: 'PUT',
        path: `/admin/plan-migrations/${id}/state`,
        body: { state: wanted },
      } as const
      const answer = await perform(c, setting, call, { form })
      return answer.ok
        ? c.redirect(`/console/migrations?done=${wanted}`, 303)
        : show(c, setting, { problem: answer.problem })
    })

function doneOf(done: string | undefined): string | undefined {
  if (done === 'dry-run') return 'The dry run has started. Reload this page to see its result.'
  if (done === 'begin') return 'The migration has started.'
  return done === undefined ? undefined : 'The migration was updated.'
}

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
            <a class="button primary" href="/console/migrations/new">
              New migration
            </a>
          </div>
          <OutcomeAlert {...outcome} />
          {migrations.length === 0 && (
            <Card title="No migrations yet" id="none">
              <p class="empty">
                Publish a new version of a plan, then <a href="/console/migrations/new">migrate</a>{' '}
                its customers. A dry run comes first.
              </p>
            </Card>
          )}
          {migrations.map((each) => (
            <Migration {...each} csrf={operator.csrf} now={setting.clock.now()} />
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
  readonly now: Date
}

const Migration = ({ migration, report, to, csrf, now }: Props) => {
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
      <Money report={report} />
      <p class="muted">
        {migration.dryRun ? 'Dry run: no subscription is changed. ' : ''}
        {migration.reason}
        {migration.heldBecause !== null && ` · on hold: ${migration.heldBecause}`}
      </p>
      <Steering migration={migration} csrf={csrf} />
      {isReview(migration, now) && <Begin migration={migration} csrf={csrf} />}
    </Card>
  )
}

/** The effect in money of the subscriptions that move. */
const Money = ({ report: { money } }: Pick<Props, 'report'>) =>
  money.length === 0 ? (
    <></>
  ) : (
    <Table
      rows={money}
      empty=""
      columns={[
        { name: 'Currency', cell: ({ currency }) => currency.toUpperCase() },
        {
          name: 'Subscriptions',
          kind: 'number',
          cell: ({ subscriptions }) => FORMAT.number(subscriptions),
        },
        {
          name: 'Each period, before',
          kind: 'number',
          cell: ({ beforeMinor, currency }) => FORMAT.money(beforeMinor, currency),
        },
        {
          name: 'Each period, after',
          kind: 'number',
          cell: ({ afterMinor, currency }) => FORMAT.money(afterMinor, currency),
        },
        {
          name: 'Charged now',
          kind: 'number',
          cell: ({ nowMinor, currency }) => FORMAT.money(nowMinor, currency),
        },
      ]}
    />
  )
