import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { seed } from '../../adapters/postgres/seed.ts'
import { bundleWorkflows } from '../../worker/bundle.ts'
import { AUTHENTICATOR } from './postgrest.ts'
import { startTestPostgres, startTestTemporal } from './embedded.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the database `postgres`: `inject('postgresUrl')`. */
    postgresUrl: string
    /** `host:port` of a Temporal server with the namespace `default`: `inject('temporalAddress')`. */
    temporalAddress: string
    /** The workflows of the present sources, bundled. */
    workflowBundle: string
  }
}

/** One Postgres, one Temporal and one bundle for the whole run; vitest calls the returned function at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, temporal, bundle] = await Promise.all([
    startTestPostgres(),
    startTestTemporal(),
    bundleWorkflows(join(tmpdir(), 'perennial-test-bundles')),
  ])
  await createTemplate(postgres.url)
  project.provide('postgresUrl', postgres.url)
  project.provide('temporalAddress', temporal.address)
  project.provide('workflowBundle', bundle)
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()])
  }
}

async function createTemplate(postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query('create database perennial_template')
  const url = new URL(postgresUrl)
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
