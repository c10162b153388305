import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { seed } from '../../adapters/database/postgres/seed.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { DURABLE_SETTINGS, startTestPostgres, startTestTemporal } from './embedded.ts'
import { AUTHENTICATOR } from './postgrest.ts'
import { asOwner, rolesFor } from './roles.ts'

/** Servers and bundles that all worlds of one run share. */
export type Ground = {
  /** A superuser's URL of the database `postgres`. */
  readonly postgresUrl: string
  /** `host:port` of a Temporal server with the namespace `default`. */
  readonly temporalAddress: string
  /** The bundled workflows of the present sources. */
  readonly workflowBundle: string
  /** The same bundle, with tracing. */
  readonly tracedBundle: string
}

/** Servers that tests may kill: confirmed writes are on disk. */
export type MortalGround = Ground & {
  /** Kills the server and starts it again on the same data and port. */
  readonly kill: {
    readonly postgres: () => Promise<void>
    readonly temporal: () => Promise<void>
  }
  /** Fills Postgres's disk until `during` ends; undefined where no small disk can be mounted. */
  readonly fillDisk: ((during: () => Promise<unknown>) => Promise<void>) | undefined
  readonly stop: () => Promise<void>
}

/** The servers that vitest's global setup started. */
export const groundOfThisRun = (): Ground => ({
  postgresUrl: inject('postgresUrl'),
  temporalAddress: inject('temporalAddress'),
  workflowBundle: inject('workflowBundle'),
  tracedBundle: inject('tracedBundle'),
})

/** Postgres with a migrated template, Temporal and the bundle, until `stop`. */
export async function startGround(
  postgresSettings?: Readonly<Record<string, string>>,
): Promise<Ground & { readonly stop: () => Promise<void> }> {
  const bundles = join(tmpdir(), 'perennial-test-bundles')
  const [postgres, temporal, workflowBundle, tracedBundle] = await Promise.all([
    startTestPostgres(postgresSettings),
    startTestTemporal(),
    bundleWorkflows('plain', bundles),
    bundleWorkflows('traced', bundles),
  ])
  await createTemplate(postgres.url)
  return {
    postgresUrl: postgres.url,
    temporalAddress: temporal.address,
    workflowBundle,
    tracedBundle,
    stop: async () => {
      await Promise.all([postgres.stop(), temporal.stop()])
    },
  }
}

/** As `startGround`, with servers whose data survives a kill. */
export async function startMortalGround(): Promise<MortalGround> {
  const bundles = join(tmpdir(), 'perennial-test-bundles')
  const [postgres, temporal, workflowBundle, tracedBundle] = await Promise.all([
    startTestPostgres(DURABLE_SETTINGS, { smallDisk: true }),
    startTestTemporal({ isKept: true }),
    bundleWorkflows('plain', bundles),
    bundleWorkflows('traced', bundles),
  ])
  await createTemplate(postgres.url)
  return {
    postgresUrl: postgres.url,
    temporalAddress: temporal.address,
    workflowBundle,
    tracedBundle,
    kill: { postgres: postgres.kill, temporal: temporal.kill },
    fillDisk: postgres.fillDisk,
    stop: async () => {
      await Promise.all([postgres.stop(), temporal.stop()])
    },
  }
}

async function createTemplate(postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query('create database perennial_template')
  await client.query(rolesFor('perennial_template'))
  const url = new URL(asOwner(postgresUrl))
  url.pathname = '/perennial_template'
  await migrate(url.href)
  await seed({
    databaseUrl: url.href,
    now: new Date('2026-01-01T00:00:00Z'),
    developmentKeys: true,
  })
  await client.query(AUTHENTICATOR)
  await client.end()
}
