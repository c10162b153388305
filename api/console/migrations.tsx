import { Hono } from 'hono'
import type { MigrationReport } from '../../domain/plan-migration-repository.ts'
import { isEnded, type PlanMigration } from '../../domain/plan-migration.ts'
import { titleOf, wordsOf } from '../web/format.ts'
import type { PageSetting } from '../web/pages.ts'
import { Badge, Card } from '../web/parts.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** Those that run, and the last ones that ended. */
const MIGRATIONS_MAX = 20

/** Migrations of subscribers to other versions. They are steered over the API. */
export const migrationsPage = ({ repositories, assets }: PageSetting) =>
  new Hono<ConsoleEnvironment>().get('/console/migrations', async (c) => {
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
              />
            ))}
          </>
        ),
      }),
    )
  })

type Props = {
  readonly migration: PlanMigration
  readonly report: MigrationReport
  readonly to: string
}

const Migration = ({ migration, report, to }: Props) => {
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
    </Card>
  )
}
