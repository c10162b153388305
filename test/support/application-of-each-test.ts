import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startApplication, type Application } from './application.ts'
import { subscribe } from './customer.ts'
import { createWorld, type World } from './world.ts'

/**
 * One world for the tests of a file, and for each test an application of its own that receives webhooks. Call it at the top
 * of the file. `its.world`, `its.receiver` and `its.endpoint` exist while a test runs.
 */
export function applicationOfEachTest() {
  let world: World
  let application: Application
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    application = await startApplication(world)
  })
  afterEach(() => application.close())
  return {
    its: {
      get world() {
        return world
      },
      get receiver() {
        return application.receiver
      },
      get endpoint() {
        return application.endpoint
      },
    },
    operate: (...request: Parameters<Application['operate']>) => application.operate(...request),
    deliver: (at?: Date) => application.deliver(at),
    deliveries: (query?: string) => application.deliveries(query),
    typesOf: (id?: string) => application.typesOf(id),
    later: (ms: number) => new Date(world.clock.now().getTime() + ms),
    freePlan: () => subscribe(world, 'plan_free'),
  }
}
