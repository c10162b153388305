import proto from '@temporalio/proto'
import type { Container } from '../../assembly/container.ts'
import { createStripeClient } from '../../adapters/stripe/sdk/client.ts'
import type { ContainerConfig } from '../../assembly/container-config.ts'
import { SEARCH_ATTRIBUTES } from '../../dev/temporal/search-attributes.ts'
import type { Check } from './check.ts'
import { schemaCheck } from './schema.ts'

const { TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType

/** Well below a check's timeout, so that the call has ended by then. */
const POLLERS_MAX_MS = 2_000

/** The service's dependencies, each reached as API and worker reach it. */
export function checksOf(
  container: Container,
  config: ContainerConfig,
  publicUrl: string | undefined,
): Check[] {
  return [
    ...databaseChecks(container, config),
    ...temporalChecks(container, config),
    {
      part: 'Stripe',
      fix: 'Is STRIPE_API_KEY a key of this account, and can this machine reach Stripe (or STRIPE_API_BASE)?',
      look: async () => {
        await createStripeClient(config.stripe).products.list({ limit: 1 })
        return `accepts the key ${config.stripe.apiKey.slice(0, 8)}…`
      },
    },
    {
      part: 'mail',
      fix: 'Is SMTP_URL right: host, port, user and password?',
      look: async () => {
        await container.mailer.ping()
        return `${placeOf(config.mail.smtpUrl)} accepts e-mails`
      },
    },
    ...(publicUrl === undefined ? [] : [apiCheck(publicUrl)]),
  ]
}

function databaseChecks({ repositories }: Container, { database }: ContainerConfig): Check[] {
  const reach: Check = {
    part: 'database',
    fix:
      database.kind === 'postgres'
        ? 'Does Postgres run there, and are user, password and database of DATABASE_URL right?'
        : 'Is SUPABASE_URL right, and SUPABASE_SERVICE_ROLE_KEY this project’s secret key?',
    look: async () => {
      await repositories.ping()
      return `${placeOf(database.url)} answers`
    },
  }
  if (database.kind === 'supabase') return [reach]
  return [reach, schemaCheck(database.url)]
}

function temporalChecks({ temporal }: Container, config: ContainerConfig): Check[] {
  const { address, namespace, taskQueue } = config.temporal
  const { connection, workflowService } = temporal.client
  return [
    {
      part: 'Temporal',
      fix: 'Does a Temporal server run at TEMPORAL_ADDRESS?',
      look: async () => {
        await temporal.ping()
        return `${address} answers`
      },
    },
    {
      part: 'namespace',
      fix: `temporal operator namespace create --namespace ${namespace}`,
      look: async () => {
        const there = await temporal.searchAttributes()
        const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !there.includes(name))
        if (missing.length === 0) return `${namespace} has the search attributes`
        const given = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ')
        return {
          wrong: `${namespace} lacks the search attributes ${missing.map(([name]) => name).join(', ')}`,
          fix: `temporal operator search-attribute create --namespace ${namespace} ${given}`,
        }
      },
    },
    {
      part: 'worker',
      fix: 'Make Temporal reachable first.',
      look: async () => {
        // If the connection closes during a retry of the call, the process crashes.
        const { pollers } = await connection.withDeadline(Date.now() + POLLERS_MAX_MS, () =>
          workflowService.describeTaskQueue({
            namespace,
            taskQueue: { name: taskQueue },
            taskQueueType: TASK_QUEUE_TYPE_WORKFLOW,
          }),
        )
        const count = pollers?.length ?? 0
        return count > 0
          ? `${count} on the task queue ${taskQueue}`
          : { wrong: `no worker polls the task queue ${taskQueue}`, fix: 'perennial worker' }
      },
    },
  ]
}

const apiCheck = (publicUrl: string): Check => ({
  part: 'API',
  fix: 'perennial api, and is PUBLIC_URL the address where customers and Stripe reach it?',
  look: async () => {
    const url = `${publicUrl.replace(/\/+$/, '')}/readyz`
    const answer = await fetch(url)
    return answer.ok
      ? `${url} says it is ready`
      : {
          wrong: `${url} answers ${answer.status}: ${await answer.text()}`,
          fix: 'Fix the part that it names.',
        }
  },
})

/** The host and path of an address, without the credentials. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname === '/' ? '' : pathname}`
}
