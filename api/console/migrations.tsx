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
import { NOT_CONFIRMED } from './acts.ts'
import { consolePage, FORMAT } from './layout.tsx'
import { Told } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { lacksConfirmationToSteer, Steering } from './steering.tsx'

/** Those that run, and the last ones that ended. */
const MIGRATIONS_MAX = 20

const addressSchema = z.object({ id: z.uuid(), wanted: z.enum(STEERED_STATES) })

/** Migrations of subscribers to other versions, and what they may be told. */
export const migrationsPage = ({ repositories, assets, ask }: PageSetting) => {
  async function show(c: Context<ConsoleEnvironment>, problem?: string) {
    const { planMigrations, plans } = repositories
    const found = await planMigrations.list(MIGRATIONS_MAX)
    const shown = await Promise.all(
      found.map(async (migration) => ({
        migration,
        report: await planMigrations.report(migration.id),
        to: await plans.getVersion(migration.to),
      })),
    )
    return c.html(
      consolePage({
        title: 'Migrations',
        path: '/console/migrations',
        assets,
        operator: c.get('operator'),
        children: (
          <>
            <div class="head">
              <div>
                <h1>Migrations</h1>
                <p>Subscribers on their way to another version of their plan.</p>
              </div>
            </div>
            <Told
              {...(c.req.query('done') !== undefined && { done: 'The migration was told.' })}
              problem={problem}
            />
            {shown.length === 0 && (
              <Card title="None yet" id="none">
                <p class="empty">
                  <code>POST /admin/plan-migrations</code> begins one, with a dry run first.
                </p>
              </Card>
            )}
            {shown.map(({ migration, report, to }) => (
              <Migration
                migration={migration}
                report={report}
                to={`${to.name}, version ${to.version}`}
                csrf={c.get('operator').csrf}
              />
            ))}
          </>
        ),
      }),
      problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get('/console/migrations', (c) => show(c))
    .post('/console/migrations/:id/:wanted', async (c, next) => {
      const address = addressSchema.safeParse(c.req.param())
      if (!address.success) return next()
      const { id, wanted } = address.data
      const form = await readForm(c)
      if (lacksConfirmationToSteer(wanted, form)) return show(c, NOT_CONFIRMED)
      const answer = await ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        key: form['key'],
        method: 'PUT',
        path: `/admin/plan-migrations/${id}/state`,
        body: { state: wanted },
      })
      return answer.ok
        ? c.redirect(`/console/migrations?done=${wanted}`, 303)
        : show(c, answer.problem.detail)
    })
}

type Props = {
  readonly migration: PlanMigration
  readonly report: MigrationReport
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
          <dt>Looked at</dt>
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
          <dt>Began</dt>
          <dd>{FORMAT.dateTime(migration.createdAt)}</dd>
        </div>
      </dl>
      <p class="muted">
        {migration.dryRun ? 'A dry run: nothing moves. ' : ''}
        {migration.reason}
        {migration.heldBecause !== null && ` · held: ${migration.heldBecause}`}
      </p>
      <Steering migration={migration} csrf={csrf} />
    </Card>
  )
}
