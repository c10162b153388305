import { until } from '../../support/until.ts'
import type { World } from '../../support/world.ts'
import { bundleOf } from '../releases/bundle.ts'
import type { Fault } from './fault.ts'

/** Replaces the worker under load, as a deploy does: by one of the same release, or once by one of the next. */
export const WORKER: readonly Fault[] = [
  replacement('worker replaced', async () => undefined),
  replacement('worker replaced by the next release', () => bundleOf('next')),
]

/** There is no return from the next release: the previous one cannot replay its decisions. */
function replacement(kind: string, bundle: () => Promise<string | undefined>): Fault {
  return {
    kind,
    strike: async (world) => {
      const path = await bundle()
      const replaced = replace(world, path)
      return {
        repair: async () => {
          await replaced
          return 1
        },
      }
    },
  }
}

/** Runs replacements of one world one after the other. */
const replacing = new WeakMap<World, Promise<void>>()

async function replace(world: World, bundlePath: string | undefined): Promise<void> {
  const before = replacing.get(world) ?? Promise.resolve()
  const replaced = before.then(() => replaceNow(world, bundlePath))
  replacing.set(world, replaced)
  return replaced
}

async function replaceNow(world: World, bundlePath: string | undefined): Promise<void> {
  await world.stopWorker()
  // Another fault may keep it from Temporal for a moment.
  await until('a worker runs', async () => {
    try {
      await world.startWorker(bundlePath)
      return true
    } catch {
      return false
    }
  })
}
