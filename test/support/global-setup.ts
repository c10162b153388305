import type { TestProject } from 'vitest/node'
import { startTestPostgres, startTestTemporal } from './embedded.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the database `postgres`: `inject('postgresUrl')`. */
    postgresUrl: string
    /** `host:port` of a Temporal server with the namespace `default`: `inject('temporalAddress')`. */
    temporalAddress: string
  }
}

/** One Postgres and one Temporal for the whole run; vitest calls the returned function at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, temporal] = await Promise.all([startTestPostgres(), startTestTemporal()])
  project.provide('postgresUrl', postgres.url)
  project.provide('temporalAddress', temporal.address)
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()])
  }
}
