import type { Watching } from '../adapters/telemetry/repositories.ts'
import type { ContainerConfig } from './container-config.ts'
import { createCore, type Core } from './core.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createStripeParts, type StripeParts } from './stripe.ts'
import { bindSync, type SyncTasks } from './sync.ts'
import { createTemporalParts, type TemporalParts } from './temporal.ts'

/** Everything that the API, the worker and the CLI are built from. */
export type Container = Core &
  Omit<StripeParts, 'clients'> &
  TemporalParts &
  SyncTasks &
  Omit<Outbox, 'closeOutbox'> & {
    /** Closes the parts in the reverse order of their creation. */
    readonly close: () => Promise<void>
  }

/** Builds every part once. Nothing connects before its first use. */
export function createContainer(config: ContainerConfig, watching?: Watching): Container {
  const core = createCore(config, watching)
  const stripeParts = createStripeParts(config, core)
  const temporalParts = createTemporalParts(config, core)
  const { closeOutbox, ...outbox } = createOutbox(config, core)
  const sync = bindSync(config, { ...core, ...stripeParts, ...temporalParts })
  const { clients: _, ...stripe } = stripeParts
  return {
    ...core,
    ...stripe,
    ...temporalParts,
    ...sync,
    ...outbox,
    close: async () => {
      await closeOutbox()
      await temporalParts.temporal.close()
      await core.repositories.close()
      await core.telemetry?.close()
    },
  }
}
