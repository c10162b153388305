import type { TestProject } from 'vitest/node'
import { startGround } from './ground.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the database `postgres`: `inject('postgresUrl')`. */
    postgresUrl: string
    /** `host:port` of a Temporal server with the namespace `default`: `inject('temporalAddress')`. */
    temporalAddress: string
    /** The bundled workflows of the present sources. */
    workflowBundle: string
    /** The same bundle, with tracing. */
    tracedBundle: string
  }
}

/** One Postgres, one Temporal and one bundle for the whole run; vitest calls the returned function at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ground = await startGround()
  project.provide('postgresUrl', ground.postgresUrl)
  project.provide('temporalAddress', ground.temporalAddress)
  project.provide('workflowBundle', ground.workflowBundle)
  project.provide('tracedBundle', ground.tracedBundle)
  return ground.stop
}
